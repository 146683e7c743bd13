// A session in the hands of a script: users who send, ask, cancel and leave, a network that
// writes and breaks as it likes, a server that may say anything, and time.
#include "core/session.hpp"

#include "input.hpp"
#include "session_script.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  riemann::fuzz::input in{data, size};
  riemann::fuzz::session_script script{in};
  script.run();
  return 0;
}
