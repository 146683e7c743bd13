// Preloaded, makes every name lookup hang, as with a dead name server.
#include <netdb.h>
#include <unistd.h>

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**)
{
  for (;;) {
    ::pause();
  }
}
