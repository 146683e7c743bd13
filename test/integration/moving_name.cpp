#include "moving_name.hpp"

#include <dlfcn.h>
#include <mutex>
#include <netdb.h>
#include <string_view>

namespace riemann::test {

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): its functions need them
std::mutex mutex;
std::string current; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): as above
unsigned count = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): as above

std::string look_up()
{
  const std::scoped_lock lock{mutex};
  ++count;
  return current;
}

} // namespace

void moving_name::move_to(const std::string& address)
{
  const std::scoped_lock lock{mutex};
  current = address;
}

unsigned moving_name::lookups()
{
  const std::scoped_lock lock{mutex};
  return count;
}

} // namespace riemann::test

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** found)
{
  using function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto next = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  using riemann::test::moving_name;
  if (node == nullptr || std::string_view{node} != moving_name::host) {
    return next(node, service, hints, found);
  }
  const auto address = riemann::test::look_up();
  return address.empty() ? EAI_NONAME : next(address.c_str(), service, hints, found);
}
