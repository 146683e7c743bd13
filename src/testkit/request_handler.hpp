#ifndef RIEMANN_TESTKIT_REQUEST_HANDLER_HPP
#define RIEMANN_TESTKIT_REQUEST_HANDLER_HPP

#include "testkit/event_index.hpp"
#include "testkit/event_run.hpp"
#include "testkit/query.hpp"

#include <riemann/event.hpp>
#include <riemann/testkit/server.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// What became of a request.
enum class request_result {
  /// `ok = true`.
  acknowledged,
  /// `ok = false`.
  rejected,
  /// The answer cannot be encoded: a real server stays silent, and so do we.
  unanswered,
  /// It did not parse, and nothing of it was applied.
  malformed,
};

/// What is kept of the events.
enum class retention {
  /// The last of each host and service, in an index.
  last_event,
  /// Nothing. Events are counted and not looked into, so that one which is
  /// malformed inside is no matter.
  nothing,
};

/// Carries out requests on the index it owns: bytes in, bytes out. Not safe for
/// use from several threads at once.
class request_handler {
public:
  explicit request_handler(ttl_duration default_ttl, query_options queries = {},
                           retention keeps = retention::last_event) noexcept
      : queries_{queries}, index_{default_ttl}, keeps_{keeps}
  {}

  /// Takes a serialized `Msg` and appends the answer's frame to `out`.
  request_result handle(std::span<const std::byte> body, timestamp now,
                        std::vector<std::byte>& out);
  /// Takes one as a server does that refuses it: nothing is applied.
  request_result reject(std::span<const std::byte> body, std::string_view text,
                        std::vector<std::byte>& out);
  /// Makes a rejection of the acknowledgement that begins at `start` of `out`; what
  /// was applied stays so.
  void take_back(std::size_t start, std::string_view text, std::vector<std::byte>& out);
  /// Whether `handle` would surely acknowledge it: it parses, and asks for nothing.
  [[nodiscard]] bool only_tells(std::span<const std::byte> body) const noexcept;
  /// The same as `handle` for a datagram, which is never answered.
  void handle_datagram(std::span<const std::byte> body, timestamp now);

  [[nodiscard]] bool forgets() const noexcept { return keeps_ == retention::nothing; }
  /// How far what was received consists of messages that `handle` would surely
  /// acknowledge: they hold events and nothing else.
  [[nodiscard]] event_run find_run(std::span<const std::byte> received,
                                   std::size_t max_message_size) const noexcept;
  /// The same as `handle` for each of them.
  void handle_run(const event_run& run, std::span<const std::byte> frames, timestamp now,
                  std::vector<std::byte>& out);
  /// The same as `reject` for each of them.
  void reject_run(std::span<const std::byte> frames, std::string_view text,
                  std::vector<std::byte>& out);

  void reap(timestamp now) { index_.reap(now); }

  [[nodiscard]] const event_index& index() const noexcept { return index_; }
  /// The connection's side of them is kept by who reads and writes.
  [[nodiscard]] server_counters& counters() noexcept { return counters_; }
  /// With those of the index.
  [[nodiscard]] server_counters snapshot() const noexcept;

private:
  /// What a message asks for once its events are applied.
  struct request {
    bool parsed = false;
    std::optional<std::string_view> query{};
  };

  /// The number of events, if it parses, as far as it is looked into.
  [[nodiscard]] std::optional<std::size_t> check(std::span<const std::byte> body) const noexcept;
  request apply(std::span<const std::byte> body, timestamp now);
  request_result answer_query(std::string_view text, std::vector<std::byte>& out);

  query_options queries_;
  event_index index_;
  retention keeps_;
  server_counters counters_{};
};

} // namespace riemann::inline v0::testkit::detail

#endif
