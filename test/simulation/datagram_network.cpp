#include "datagram_shell.hpp"
#include "trace.hpp"
#include "violation.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

/// The half of the shell that faces the network.
namespace riemann::simulation {

namespace {

/// More in a row are not of earlier datagrams.
constexpr unsigned most_refusals = 8;

bool same(std::span<const std::byte> a, const bytes& b)
{
  return std::ranges::equal(a, b);
}

const boost::system::error_code refused = boost::asio::error::connection_refused;
const boost::system::error_code too_long = boost::asio::error::message_size;
const boost::system::error_code fatal = boost::asio::error::no_buffer_space;
const boost::system::error_code aborted = boost::asio::error::operation_aborted;

} // namespace

void datagram_shell::perform(core::tell a)
{
  note(time_, to_string(a.state));
  backing_off_ = a.state == connection_state::backing_off;
}

void datagram_shell::perform(core::start_connect)
{
  require(!connecting_ && !open_ && !closing_, "two sockets at once");
  note(time_, "connecting");
  connecting_ = true;
  time_.after(random_.up_to(how_.hop), [this, mine = ++attempt_] {
    if (mine != attempt_) {
      return;
    }
    connecting_ = false;
    if (random_.chance(how_.wrong.connect_refused)) {
      note(time_, "connect refused");
      session_.on_connect_failed(refused, "refused", time_.now());
    } else {
      note(time_, "connected");
      open_ = true;
      session_.on_connected(time_.now());
    }
    pump();
  });
}

void datagram_shell::perform(core::start_write a)
{
  require(open_ && !closing_ && !writing_, "a write out of turn");
  note(time_, "write ", a.bytes.size());
  if (current_ && same(a.bytes, current_->copy)) {
    require(current_->refusals != 0, "a datagram went twice");
    current_->from = a.bytes;
  } else {
    compose(a.bytes);
  }
  writing_ = true;
  choose_answer();
}

/// The first of the queue, in their order, as many as fit, and not before their time.
void datagram_shell::compose(std::span<const std::byte> datagram)
{
  require(!current_, "what was refused is not tried again");
  const auto waiting = queued();
  require(!waiting.empty() && may_go(waiting), "a datagram went before its time");
  current_ = attempt{};
  current_->from = datagram;
  current_->copy = {datagram.begin(), datagram.end()};
  std::size_t at = 0;
  auto next = waiting.begin();
  for (; at != datagram.size(); ++next) {
    require(next != waiting.end(), "a datagram holds what nobody sent");
    const auto part = datagram.subspan(at, std::min((*next)->body_size, datagram.size() - at));
    require(part.size() == (*next)->body_size && decode(part).names == (*next)->names,
            "a datagram holds other messages than those that come first");
    current_->messages.push_back(*next);
    (*next)->handed = true;
    at += part.size();
  }
  require(current_->messages.size() == 1 || datagram.size() <= limit_, "too much in one datagram");
  require(next == waiting.end() || datagram.size() + (*next)->body_size > limit_,
          "a message was left behind that fits");
}

void datagram_shell::choose_answer()
{
  if (random_.chance(how_.wrong.hangs)) {
    return;
  }
  boost::system::error_code error;
  if (random_.chance(how_.wrong.refused)) {
    error = refused;
  } else if (current_->copy.size() > how_.wrong.path || random_.chance(how_.wrong.too_long)) {
    error = too_long;
  } else if (random_.chance(how_.wrong.fatal)) {
    error = fatal;
  }
  time_.after(random_.up_to(how_.hop), [this, error, mine = attempt_] {
    if (writing_ && mine == attempt_) {
      answer(error);
    }
  });
}

void datagram_shell::answer(boost::system::error_code error)
{
  note(time_, "wrote: ", error.message());
  require(same(current_->from, current_->copy), "bytes changed under a write");
  writing_ = false;
  answered_ = error;
  const std::size_t n = error ? 0 : current_->copy.size();
  expect(error);
  session_.on_written(error, n, time_.now());
  close_if_quiet();
  pump();
}

void datagram_shell::expect(boost::system::error_code error)
{
  if (!error) {
    for (tracked* t : current_->messages) {
      ++t->at_server.received;
    }
  }
  const bool live =
      std::ranges::any_of(current_->messages, [](const tracked* t) { return !t->ended; });
  const bool may_be_of_earlier = (error == refused && current_->refusals < most_refusals) ||
                                 (error == too_long && current_->refusals == 0);
  if (!closing_ && may_be_of_earlier && live) {
    ++current_->refusals;
    return;
  }
  if (!closing_ && error == too_long && current_->messages.size() > 1 && !may_be_of_earlier) {
    limit_ = current_->copy.size() / 2;
  }
  current_.reset();
}

void datagram_shell::perform(core::close_connection)
{
  require(!closing_, "closed twice");
  note(time_, "close");
  closing_ = true;
  connecting_ = false;
  ++attempt_;
  if (writing_) {
    // The kernel may have taken it just so.
    time_.after(random_.up_to(how_.hop), [this, taken = random_.chance(500)] {
      answer(taken ? boost::system::error_code{} : aborted);
    });
  } else {
    time_.after(random_.up_to(how_.hop), [this] {
      close_if_quiet();
      pump();
    });
  }
}

void datagram_shell::close_if_quiet()
{
  if (closing_ && !writing_) {
    note(time_, "closed");
    closing_ = false;
    open_ = false;
    current_.reset();
    limit_ = how_.options.max_coalesced_size;
    session_.on_closed(time_.now());
  }
}

} // namespace riemann::simulation
