#ifndef RIEMANN_CLIENT_HYBRID_SEND_HPP
#define RIEMANN_CLIENT_HYBRID_SEND_HPP

#include "core/request.hpp"

#include <riemann/detail/implementation.hpp>
#include <riemann/options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/set.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace riemann::clients {

class hybrid_implementation;

enum class way : std::uint8_t { datagrams, stream };

/// A message that was handed over, with the handler that waits for it. It lives as long
/// as an attempt at it.
struct hybrid_send : core::request {
  hybrid_send(std::shared_ptr<hybrid_implementation> whose, message&& m, const send_options& o,
              detail::send_slot&& h, detail::operation_id i) noexcept
      : core::request{std::move(m)},
        owner{std::move(whose)},
        options{o},
        id{i},
        handler{std::move(h)}
  {}
  hybrid_send(const hybrid_send&) = delete;
  hybrid_send& operator=(const hybrid_send&) = delete;
  ~hybrid_send();

  std::shared_ptr<hybrid_implementation> owner;
  send_options options;
  detail::operation_id id;
  boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>> id_link{};
  std::uint64_t era = 0;  ///< of its owner's, when it was handed over
  bool again = false;     ///< this is not the first attempt
  bool cancelled = false; ///< no further attempt is wanted
  detail::send_slot handler;
};

/// The handler of one attempt; runs where the message's handler does.
class attempt_end {
public:
  using executor_type = boost::asio::any_io_executor;

  attempt_end(std::shared_ptr<hybrid_send> what, way by) noexcept : what_{std::move(what)}, by_{by}
  {}
  [[nodiscard]] executor_type get_executor() const noexcept;
  void operator()(boost::system::error_code error, response answer);

private:
  std::shared_ptr<hybrid_send> what_;
  way by_;
};

} // namespace riemann::clients

#endif
