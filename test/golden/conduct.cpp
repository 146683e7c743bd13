#include "conduct.hpp"

#include <algorithm>
#include <array>

namespace riemann::golden {

namespace {

struct rule {
  std::string_view transport;
  std::string_view outcome; ///< how it begins
  conduct what;
};

constexpr std::array rules{
    rule{"tcp", "open-silent", conduct::waits},
    rule{"tcp", "open; probe: closed-fin", conduct::closes},
    rule{"tcp", "open", conduct::answers},
    rule{"tcp", "in order", conduct::answers},
    rule{"tcp", "closed-fin", conduct::closes},
    rule{"tcp", "no answer; then answers the next request", conduct::omits},
    rule{"tcp", "2 answers to 3 requests, connection open", conduct::omits},
    rule{"tcp", "answered ", conduct::closes_half_closed},
    rule{"tcp", "measured", conduct::keeps_micros},
    rule{"udp", "indexed; no answer", conduct::indexes},
    rule{"udp", "dropped; no answer", conduct::drops},
    rule{"udp", "server alive; no answer", conduct::ignores},
    rule{"udp", "not sent: ", conduct::is_not_reached},
    rule{"tls", "open", conduct::answers},
    rule{"tls", "tls-alert: ", conduct::refuses},
    rule{"tls", "handshake or write failed: ", conduct::refuses},
};

using enum difference::extent;

constexpr std::string_view other_alert = "refuses with another alert";
constexpr std::string_view too_long = "closes the connection";

constexpr std::array all_differences{
    difference{"query_nested_20000", always, "rejects the query"},
    difference{"tls_mutual_no_cert_tls13", always, other_alert},
    difference{"tls_mutual_no_cert_tls12", always, other_alert},
    difference{"tls_mutual_rogue_cert_tls13", always, other_alert},
    difference{"tls_mutual_rogue_cert_tls12", always, other_alert},
    difference{"http_get", by_default, too_long},
    difference{"frame_len_7FFFFFFB_header_only", by_default, too_long},
    difference{"frame_whole_65MiB", by_default, too_long},
    difference{"tls_to_plain_port", by_default, too_long},
};

} // namespace

std::optional<conduct> conduct_of(const transcript& t)
{
  const auto found = std::ranges::find_if(rules, [&](const rule& r) {
    return r.transport == t.transport && t.outcome.starts_with(r.outcome);
  });
  return found == rules.end() ? std::nullopt : std::optional{found->what};
}

stage stage_for_server(const transcript& t)
{
  const bool needs_tls = t.transport == "tls" || t.name == "plain_to_tls_port";
  return needs_tls || conduct_of(t) == conduct::is_not_reached ? stage::sockets : stage::core;
}

stage stage_for_client(const transcript& t)
{
  if (t.transport == "tls" || t.name == "tls_to_plain_port") {
    return stage::sockets;
  }
  // Bytes that no client sends, and that nothing comes back to.
  const bool no_message = t.name == "udp_garbage" || t.name == "udp_with_length_prefix";
  return no_message ? stage::no_stage : stage::core;
}

std::span<const difference> differences()
{
  return all_differences;
}

bool differs(const transcript& t, difference::extent where)
{
  return std::ranges::any_of(
      all_differences, [&](const difference& d) { return d.record == t.name && d.where == where; });
}

} // namespace riemann::golden
