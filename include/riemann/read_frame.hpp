#ifndef RIEMANN_READ_FRAME_HPP
#define RIEMANN_READ_FRAME_HPP

#include <riemann/error.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/read.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace riemann::inline v0 {

/// Handler signature of `async_read_frame`.
using frame_signature = void(boost::system::error_code, std::vector<std::byte>);

namespace detail {

/// Reads the length, then the body in pieces: a length is the peer's promise, so
/// memory is taken only as bytes arrive.
template <class Stream>
class read_frame_operation {
public:
  read_frame_operation(Stream& stream, std::size_t limit)
      : stream_{stream}, limit_{limit}, state_{std::make_unique<state>()}
  {}

  template <class Self>
  void operator()(Self& self)
  {
    self.reset_cancellation_state(boost::asio::enable_partial_cancellation());
    auto room = boost::asio::buffer(state_->header);
    boost::asio::async_read(stream_, room, std::move(self));
  }

  template <class Self>
  void operator()(Self& self, boost::system::error_code error, std::size_t)
  {
    if (!error && !state_->header_read) {
      error = read_header();
    }
    if (!error && self.cancelled() != boost::asio::cancellation_type::none) {
      error = boost::asio::error::operation_aborted;
    }
    std::vector<std::byte>& body = state_->body;
    if (error || body.size() == state_->length) {
      auto result = std::exchange(body, {});
      if (error) {
        result.clear();
      }
      state_.reset();
      return self.complete(error, std::move(result));
    }
    const std::size_t had = body.size();
    body.resize(had + std::min(state_->length - had, std::max(first_piece, had)));
    auto room = boost::asio::buffer(body) + had;
    boost::asio::async_read(stream_, room, std::move(self));
  }

private:
  static constexpr std::size_t first_piece = std::size_t{64} << 10;

  struct state {
    std::array<std::uint8_t, 4> header{};
    bool header_read = false;
    std::size_t length = 0;
    std::vector<std::byte> body{};
  };

  boost::system::error_code read_header()
  {
    state_->header_read = true;
    for (const std::uint8_t byte : state_->header) {
      state_->length = state_->length << 8 | byte;
    }
    return state_->length > limit_ ? make_error_code(errc::frame_too_large)
                                   : boost::system::error_code{};
  }

  Stream& stream_;
  std::size_t limit_;
  std::unique_ptr<state> state_;
};

} // namespace detail

/**
 * Reads one frame, a 4-byte big-endian length and as many bytes of body, from
 * any Asio stream; for those who speak the protocol by themselves.
 *
 * Completes when: the whole frame has been read, or reading has failed.
 * Handler signature: `void(error_code, std::vector<std::byte>)`, with the body.
 * Outcomes and errors: `errc::frame_too_large` when the length is over `limit`,
 * in bytes (nothing of the body is then read, and the stream is of no more use);
 * `asio::error::eof` when the stream ends, between frames or within one; the
 * stream's own errors. With an error the body is empty.
 * Cancellation: terminal, partial: `asio::error::operation_aborted`; bytes read
 * are lost, so that the stream is of no more use. Total: none, once begun.
 * Threads: as for the stream; the handler runs on its associated executor.
 * Lifetime: the stream must outlive the operation, and no other read of it may
 * be outstanding.
 */
template <class Stream,
          boost::asio::completion_token_for<frame_signature> Token = boost::asio::deferred_t>
auto async_read_frame(Stream& stream, std::size_t limit, Token&& token = {})
{
  return boost::asio::async_compose<Token, frame_signature>(
      detail::read_frame_operation<Stream>{stream, limit}, token, stream);
}

} // namespace riemann::inline v0

#endif
