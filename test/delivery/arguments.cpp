#include "arguments.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace delivery {

namespace {

using setter = std::function<void(std::string_view)>;

[[noreturn]] void refuse(std::string_view value)
{
  throw std::invalid_argument{"'" + std::string{value} + "' is not offered"};
}

template <class Number>
void set(Number& to, std::string_view value)
{
  const auto* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, to);
  if (error != std::errc{} || at != end) {
    refuse(value);
  }
}

void set(bool& to, std::string_view value)
{
  if (value != "yes" && value != "no") {
    refuse(value);
  }
  to = value == "yes";
}

void set(std::string& to, std::string_view value)
{
  to = value;
}

void set(std::chrono::milliseconds& to, std::string_view value)
{
  std::chrono::milliseconds::rep count = 0;
  set(count, value);
  to = std::chrono::milliseconds{count};
}

template <class T>
setter sets(T& to)
{
  return [&to](std::string_view value) { set(to, value); };
}

void set_policy(riemann::overload_policy& to, std::string_view name)
{
  using enum riemann::overload_policy;
  for (const auto policy : {reject, wait, drop_oldest, drop_newest}) {
    if (name == riemann::to_string(policy)) {
      to = policy;
      return;
    }
  }
  refuse(name);
}

} // namespace

arguments parse(int argc, char** argv)
{
  arguments a;
  std::map<std::string_view, setter> known{
      {"port", sets(a.port)},
      {"other_port", sets(a.other_port)},
      {"connections", sets(a.connections)},
      {"batches", sets(a.batches)},
      {"max_resends", sets(a.session.max_resends)},
      {"ca_certs", sets(a.ca_certs)},
      {"threads", sets(a.threads)},
      {"runners", sets(a.runners)},
      {"outstanding", sets(a.outstanding)},
      {"padding", sets(a.padding)},
      {"outcomes", sets(a.outcomes)},
      {"tick", sets(a.tick)},
      {"drain", sets(a.drain)},
      {"answer_timeout", sets(a.session.answer_timeout)},
      {"max_in_flight_bytes", sets(a.session.max_in_flight_bytes)},
      {"max_queued_bytes", sets(a.session.max_queued_bytes)},
      {"max_waiting_bytes", sets(a.session.max_waiting_bytes)},
      {"when_full", [&a](std::string_view value) { set_policy(a.session.when_full, value); }},
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    const auto equals = word.find('=');
    const auto found = known.find(word.substr(0, equals));
    if (equals == std::string_view::npos || found == known.end()) {
      refuse(word);
    }
    found->second(word.substr(equals + 1));
  }
  return a;
}

} // namespace delivery
