#include "connection.hpp"

#include "violation.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <cstring>
#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <utility>

namespace riemann::simulation {

namespace {

bool same(std::span<const std::byte> a, const bytes& b)
{
  return std::memcmp(a.data(), b.data(), b.size()) == 0;
}

boost::system::error_code code(boost::asio::error::basic_errors e)
{
  return boost::asio::error::make_error_code(e);
}

} // namespace

boost::system::error_code alert_code()
{
  return {ERR_PACK(ERR_LIB_SSL, 0, SSL_R_SSLV3_ALERT_BAD_CERTIFICATE),
          boost::asio::error::get_ssl_category()};
}

void connection::later(void (connection::*what)())
{
  time_.after(random_.up_to(how_.hop), [self = shared_from_this(), what] { (*self.*what)(); });
}

std::size_t connection::piece(std::size_t most)
{
  switch (how_.chunks) {
  case chunking::whole:
    return most;
  case chunking::some:
    return random_.chance(300) ? most : random_.between(1, most);
  case chunking::tiny:
    return most > 300 ? random_.between(1, most) : 1;
  }
  return most;
}

// --- up

void connection::write(std::span<const std::byte> from, done then)
{
  writing_.emplace(write_operation{from, {from.begin(), from.end()}, std::move(then)});
  later(&connection::take);
}

void connection::take()
{
  if (!writing_ || writing_->ending) {
    return;
  }
  if (ended_) {
    return finish_write(code(boost::asio::error::broken_pipe), 0);
  }
  const std::size_t room = how_.kernel_room - std::min(how_.kernel_room, up_.size());
  if (room == 0) {
    blocked_ = true;
    return;
  }
  require(same(writing_->from, writing_->copy), "bytes changed under a write");
  const std::size_t n = std::min({piece(writing_->from.size()), room, up_left_});
  const auto taken = writing_->from.first(n);
  up_.insert(up_.end(), taken.begin(), taken.end());
  if (up_left_ != unlimited) {
    up_left_ -= n;
  }
  on_taken(n);
  if (!arriving_) {
    arriving_ = true;
    later(&connection::arrive);
  }
  if (up_left_ == 0) {
    end(random_.chance(500));
    if (random_.chance(500)) {
      return finish_write(code(boost::asio::error::connection_reset), n);
    }
  }
  finish_write({}, n);
}

void connection::finish_write(boost::system::error_code error, std::size_t n)
{
  writing_->ending = true;
  time_.after(random_.up_to(how_.hop), [this, self = shared_from_this(), error, n] {
    const write_operation ended = *std::exchange(writing_, std::nullopt);
    require(same(ended.from, ended.copy), "bytes changed under a write");
    ended.then(error, n);
  });
}

void connection::arrive()
{
  arriving_ = false;
  if (!reads_ || ended_ || up_.empty()) {
    return;
  }
  const auto n = static_cast<std::ptrdiff_t>(piece(up_.size()));
  const bytes arrived(up_.begin(), up_.begin() + n);
  up_.erase(up_.begin(), up_.begin() + n);
  if (!up_.empty()) {
    arriving_ = true;
    later(&connection::arrive);
  }
  if (std::exchange(blocked_, false)) {
    later(&connection::take);
  }
  on_arrival(arrived);
}

// --- down

void connection::read(std::span<std::byte> to, done then)
{
  reading_.emplace(read_operation{to, std::move(then)});
  expect_delivery();
}

void connection::send(const bytes& what)
{
  if (!ended_) {
    down_.insert(down_.end(), what.begin(), what.end());
    expect_delivery();
  }
}

void connection::end(bool reset)
{
  if (std::exchange(ended_, true)) {
    return;
  }
  reset_ = reset;
  expect_delivery();
  if (std::exchange(blocked_, false)) {
    later(&connection::take);
  }
}

void connection::alert()
{
  alerted_ = true;
  end(false);
}

void connection::expect_delivery()
{
  if (reading_ && !reading_->due && (closed_ || ended_ || !down_.empty())) {
    reading_->due = true;
    later(&connection::deliver);
  }
}

void connection::break_at_once()
{
  end(true);
  finish_read(code(boost::asio::error::connection_reset), 0);
}

void connection::deliver()
{
  if (!reading_) {
    return; // it broke at once
  }
  if (closed_) {
    return finish_read(code(boost::asio::error::operation_aborted), 0);
  }
  if (alerted_) {
    return finish_read(alert_code(), 0);
  }
  if (reset_) {
    return finish_read(code(boost::asio::error::connection_reset), 0);
  }
  const std::size_t most = std::min({reading_->to.size(), down_.size(), down_left_});
  if (most == 0) {
    return finish_read(boost::asio::error::make_error_code(boost::asio::error::eof), 0);
  }
  const std::size_t n = piece(most);
  const auto end_of_piece = down_.begin() + static_cast<std::ptrdiff_t>(n);
  std::copy(down_.begin(), end_of_piece, reading_->to.begin());
  down_.erase(down_.begin(), end_of_piece);
  if (down_left_ != unlimited) {
    down_left_ -= n;
    if (down_left_ == 0) {
      down_.clear();
      end(random_.chance(500));
    }
  }
  before_delivery(reading_->to.first(n));
  finish_read({}, n);
}

void connection::finish_read(boost::system::error_code error, std::size_t n)
{
  const read_operation ended = *std::exchange(reading_, std::nullopt);
  ended.then(error, n);
}

bool connection::quiet() const noexcept
{
  return reading_ && !reading_->due && !writing_ && up_.empty() && down_.empty() && !ended_ &&
         !closed_;
}

void connection::deliver_at_once(const bytes& what)
{
  std::ranges::copy(what, reading_->to.begin());
  before_delivery(reading_->to.first(what.size()));
  finish_read({}, what.size());
}

void connection::close()
{
  closed_ = true;
  ended_ = true;
  expect_delivery();
  if (writing_ && !writing_->ending) {
    finish_write(code(boost::asio::error::operation_aborted), 0);
  }
}

} // namespace riemann::simulation
