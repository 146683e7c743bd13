#!/bin/sh
# Run by debian.py in a root that has nothing but a minimal Debian and, in /srv, the
# packages: installs them as a user would, and uses them.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
# Files of ours. (libstdc++ has one of Riemann's zeta function.)
ours() { find /usr \( -path '*riemann-*' -o -path '/usr/include/riemann*' \); }
install_them() { apt-get install -q -y --no-install-recommends "$@" >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }; }
done_with() { echo "in the root: $*"; }
cd /srv/consumer

if ours | grep .; then exit 1; fi

# The program, with nothing to build programs with.
install_them /srv/debs/riemann-cli_*.deb
mkfifo /tmp/ready
riemann-cli serve --port 0 >/tmp/ready &
server=$!
read -r ready </tmp/ready
port=$(echo "$ready" | sed -E 's/^ready tcp=[^ ]*:([0-9]+) .*/\1/')
at="-H 127.0.0.1 -P $port"
riemann-cli $at send --service packaged --state ok --metric 1 >/tmp/sent
riemann-cli $at query 'service = "packaged"' | grep -q packaged
kill "$server"
wait "$server" || true
done_with 'riemann-cli sent an event, and found it by a query'

# The library, by pkg-config.
install_them g++ /srv/debs/*.deb pkgconf cmake make
flags='-std=c++20 -Wall -Wextra -Werror'
g++ $flags base.cpp -o base $(pkg-config --cflags --libs riemann-asio)
./base
g++ $flags border.cpp -o border $(pkg-config --cflags --libs riemann-testkit)
./border
g++ $flags protobuf.cpp -o protobuf $(pkg-config --cflags --libs riemann-asio-protobuf)
./protobuf
done_with 'three programs built by pkg-config, and run'

# The same by CMake, with the archives.
cmake -S . -B build -DRIEMANN_ASIO_USE_STATIC_LIBS=ON >cmake.log || { cat cmake.log; exit 1; }
cmake --build build >build.log || { cat build.log; exit 1; }
for program in base border protobuf; do "build/$program"; done
if ldd build/border | grep riemann; then exit 1; fi
done_with 'three programs built by CMake, with the archives, and run'

# Nothing is left behind.
apt-get purge -q -y 'libriemann-*' riemann-cli >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }
if ours | grep .; then exit 1; fi
done_with 'removed, with nothing left'
done_with 'all done'
