# shellcheck shell=bash
# What the scripts beside this file share. Source it; do not run it.
# The caller has said `set -euo pipefail`.

repo_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# A python3 of the user's own may come first in PATH: prefer the system's.
python=/usr/bin/python3
[[ -x $python ]] || python=python3

# Meson looks for a compiler called c++ first, which may be any; and it puts
# ccache before the compiler only when CXX is not set.
export CXX=${CXX:-g++}
# Where a tree lies makes no difference to what is compiled from it.
export CCACHE_BASEDIR=$repo_root CCACHE_NOHASHDIR=1
# Without these ccache never reuses what was compiled with a precompiled header.
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros,include_file_mtime,include_file_ctime}

# fail SENTENCE...: says why and ends the script.
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# stage TEXT: a heading with the seconds since the script began.
stage() {
  printf '== %s  [%d s]\n' "$*" "$SECONDS"
}

# packages_of GROUP...: the names of the packages in those groups.
packages_of() {
  local name group wanted rest
  while read -r name group rest; do
    [[ -z $name || $name == \#* ]] && continue
    for wanted in "$@"; do
      if [[ $group == "$wanted" ]]; then
        printf '%s\n' "$name"
      fi
    done
  done <"$repo_root/tools/packages.txt"
}

# is_installed PACKAGE
is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

# install_packages GROUP...: installs what is missing of those groups.
# RIEMANN_NO_INSTALL=1 skips it, for systems that provide the tools otherwise.
install_packages() {
  [[ ${RIEMANN_NO_INSTALL:-} == 1 ]] && return 0
  local -a wanted missing as_root=()
  local package output update_output=''
  mapfile -t wanted < <(packages_of "$@" | sort -u)

  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this system has no apt: provide what these Debian packages hold and run again" \
      "with RIEMANN_NO_INSTALL=1: ${wanted[*]}"
  fi

  missing=()
  for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "neither root nor sudo is at hand to install: ${missing[*]}"
    as_root=(sudo)
  fi
  stage "installing ${missing[*]}"
  if [[ " ${missing[*]} " == *' libboost1.81-dev '* ]] && is_installed libboost1.74-dev; then
    echo 'note: libboost1.81-dev takes the place of libboost1.74-dev; they exclude each other'
  fi

  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
  # A broken source that has nothing to do with us must not stop us here:
  # whether it matters, the installation shows.
  update_output=$("${apt[@]}" update 2>&1 </dev/null) || true
  if ! output=$("${apt[@]}" install -y --no-install-recommends "${missing[@]}" 2>&1 </dev/null); then
    printf '%s\n%s\n' "$update_output" "$output" >&2
    fail "apt could not install ${missing[*]}; what it said is above"
  fi
}

# with_ccache COMPILER: the same, behind ccache where there is one.
with_ccache() {
  if [[ $1 != *ccache* ]] && command -v ccache >/dev/null; then
    printf 'ccache %s' "$1"
  else
    printf '%s' "$1"
  fi
}

# configure DIR OPTIONS...: makes the build directory what the options say.
# Does nothing when it is so already; a stamp in DIR remembers.
configure() {
  local dir=$1 stamp=$1/.configured compiler options output
  shift
  command -v meson >/dev/null || fail 'meson is not installed'
  compiler="CXX=$CXX CC=${CC:-} CXXFLAGS=${CXXFLAGS:-} CPPFLAGS=${CPPFLAGS:-} LDFLAGS=${LDFLAGS:-}"
  options=$(printf '%s\n' "$compiler" "$@")

  local -a how=(setup)
  if [[ -f $dir/build.ninja ]]; then
    if [[ -f $stamp ]]; then
      [[ $(<"$stamp") == "$options" ]] && return 0
      if [[ $(head -n 1 "$stamp") != "$compiler" ]]; then
        # Meson keeps the compiler it was first configured with.
        rm -rf -- "$dir"
      fi
    fi
  fi
  [[ -f $dir/build.ninja ]] && how+=(--reconfigure)

  rm -f -- "$stamp"
  if ! output=$(CXX=$(with_ccache "$CXX") meson "${how[@]}" "$dir" "$repo_root" "$@" 2>&1 </dev/null); then
    printf '%s\n' "$output" >&2
    printf '%s: configuring %s failed; Meson says why above\n' "${0##*/}" "$dir" >&2
    return 1
  fi
  printf '%s\n' "$options" >"$stamp"
}

# build_jobs: how many compilations at once. One takes up to 1.5 GiB.
build_jobs() {
  local cpus memory
  cpus=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo 2>/dev/null)
  ((${memory:-$cpus} < cpus)) && cpus=${memory:-1}
  ((cpus > 0)) || cpus=1
  printf '%d' "$cpus"
}

# build DIR [TARGETS...]: shows progress on a terminal, else only what fails.
build() {
  local dir=$1
  shift
  local -a quiet=()
  local output
  if [[ ! -t 1 ]]; then
    quiet=(--quiet)
    # Meson, run again by ninja after a change to its files, is not to be heard.
    if ! output=$(ninja -C "$dir" build.ninja 2>&1 </dev/null); then
      printf '%s\n' "$output" >&2
      printf '%s: configuring %s failed; Meson says why above\n' "${0##*/}" "$dir" >&2
      return 1
    fi
  fi
  if ! ninja "${quiet[@]}" -C "$dir" -j "$(build_jobs)" "$@" </dev/null; then
    printf '%s: building %s failed; the compiler says why above\n' "${0##*/}" "$dir" >&2
    return 1
  fi
}
