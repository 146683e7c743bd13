#ifndef RIEMANN_RESPONSE_HPP
#define RIEMANN_RESPONSE_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/event_view.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::proto {
class Msg;
} // namespace riemann::proto

namespace riemann::inline v0 {

/**
 * What came back: a server's answer, or, for an operation that failed here, the
 * reason in words.
 *
 * Cheap to copy and to move (one pointer); copies share the bytes, and views
 * into them stay valid while any copy lives. The plain acknowledgement holds no
 * memory at all.
 */
class RIEMANN_EXPORT response {
public:
  /// `ok` and nothing else: an acknowledgement.
  response() = default;

  /// What comes back where nobody answers: `ok()`, and nothing else in it, but not
  /// `answered()`. A transport of your own without answers ends what it has sent with it.
  static response unanswered() noexcept;

  /// Takes a serialized `Msg` and checks it, whole, once: every later access is
  /// free of errors. A body that does not parse gives `errc::malformed_answer`.
  /// A missing `ok` is read as `false`, as protobuf's default says.
  static boost::system::result<response> parse(std::vector<std::byte> body);

  /// A failure of this side, in words; `ok()` is false.
  static response failure(std::string text);

  /// Whether the server answered `ok = true`, or nobody answers and nothing went wrong.
  [[nodiscard]] bool ok() const noexcept;
  /// Whether a server said it: not of a datagram handed over, nor of a failure of this
  /// side. With no error it tells *acked* from *sent*.
  [[nodiscard]] bool answered() const noexcept;
  /// The server's error text, or this side's reason; empty when there is none.
  [[nodiscard]] std::string_view text() const noexcept;
  /// The events, as views that allocate nothing. Not on a temporary: the views
  /// would dangle.
  [[nodiscard]] event_range events() const& noexcept { return event_range{bytes()}; }
  event_range events() const&& = delete;
  /// How many events are in it.
  [[nodiscard]] std::size_t event_count() const noexcept;
  /// The events, as objects of their own.
  [[nodiscard]] std::vector<event> to_events() const;
  /// The whole answer as protobuf's object; include `<riemann/proto.hpp>`.
  [[nodiscard]] proto::Msg to_proto() const;
  /// The serialized `Msg`, as received; empty for a plain acknowledgement.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept;

private:
  struct content;
  explicit response(std::shared_ptr<const content> c) noexcept : content_{std::move(c)} {}

  std::shared_ptr<const content> content_{};
};

} // namespace riemann::inline v0

#endif
