#ifndef RIEMANN_BLANK_TRANSPORT_HPP
#define RIEMANN_BLANK_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/message.hpp>
#include <riemann/options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/system/error_code.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::inline v0 {

namespace net {
class blank_implementation;
}

/**
 * A transport with no server behind it: it keeps what it is sent and answers as
 * it was told, for dry runs and for tests of one's own code.
 *
 * Every message is acknowledged, unless `fail_next` or `reject_next` says
 * otherwise; a query is answered with what `answer_query` gave for its text, or
 * with no events. Answers come at once (handlers are posted), so that nothing is
 * ever in flight and there is nothing to cancel.
 */
class RIEMANN_EXPORT blank_transport final : public basic_transport {
public:
  /// Its answers carry events: a client over it can query.
  static constexpr bool answers_queries = true;

  /// Throws `std::invalid_argument` for invalid options.
  explicit blank_transport(const executor_type& executor, blank_options options = {});
  /// On the context's executor.
  template <class Context>
    requires std::convertible_to<Context&, boost::asio::execution_context&>
  explicit blank_transport(Context& context, blank_options options = {})
      : blank_transport{executor_type{context.get_executor()}, options}
  {}

  /// The messages kept, the oldest first: all it was given but those it refused
  /// (too large, expired, disconnected).
  [[nodiscard]] std::vector<message> messages() const;
  /// Their events, in that order.
  [[nodiscard]] std::vector<event> events() const;
  /// Messages no longer kept, for want of room.
  [[nodiscard]] std::uint64_t forgotten() const;
  /// Keeps none of those any more, and counts none of them as forgotten.
  void clear();

  /// From now on a message with this very query is answered with these events.
  void answer_query(std::string_view query, const std::vector<event>& events);
  /// One message, the next that none of these calls has spoken for, ends with
  /// `error` and, in its response, `text`. It is kept all the same. Throws
  /// `std::invalid_argument` when `error` is success.
  void fail_next(boost::system::error_code error, std::string text = {});
  /// The same, as if a server had answered `ok = false` with this text.
  void reject_next(std::string text);

private:
  [[nodiscard]] net::blank_implementation& blank() const noexcept;
};

} // namespace riemann::inline v0

#endif
