#include "server.hpp"
#include "shell.hpp"
#include "violation.hpp"

#include <boost/asio/error.hpp>

#include <utility>

/// The half of the shell that faces the network.
namespace riemann::simulation {

void shell::perform(core::tell a)
{
  note(to_string(a.state), ' ', a.reason);
  require(a.server < how_.where.count, "a server that there is not");
  const bool waits = a.state == connection_state::backing_off;
  state_.backing_off_until = waits ? a.until : never;
  require(!waits || a.until <= time_.now() + how_.options.max_backoff, "backs off for too long");
  if (listener_ != nullptr) {
    listener_->on_change(a);
  }
}

void shell::perform(core::start_probe a)
{
  require(state_.open() && !state_.probing && a.server == 0 && state_.server != 0,
          "a probe out of turn");
  note("probe");
  state_.probing = true;
  const bool well = !random_.chance(how_.wrong.connect_refused);
  if (random_.chance(how_.wrong.connect_hangs)) {
    return;
  }
  time_.after(random_.up_to(how_.hop), [this, well, mine = ++probe_] {
    if (mine == probe_ && state_.probing) {
      note("probe ends");
      begin(input::user);
      state_.probing = false;
      state_.leaving = well;
      session_.on_probe(well, time_.now());
      pump();
    }
  });
}

void shell::perform(core::stop_probe)
{
  require(state_.probing, "nothing is probed");
  ++probe_;
  state_.probing = false;
}

/// What the connection that closes leaves to the next: nothing that the server may have,
/// but by its resends.
void shell::put_back()
{
  for (const tap::owed& o : state_.line->window()) {
    tracked& t = *o.who;
    if (t.ended) {
      continue;
    }
    const unsigned left = t.request->resends_left;
    const unsigned used = how_.options.max_resends - left - t.resends;
    require(used <= 1, "a message used two resends at once");
    require(used == 1 || !state_.line->has_taken_of(o), "resent, and nobody asked for it");
    t.resends += used;
    t.handed = false;
  }
}

void shell::perform(core::start_connect a)
{
  require(!state_.connecting && !state_.line && !state_.closing, "two connections at once");
  require(a.server < how_.where.count, "a server that there is not");
  require(state_.backing_off_until == never, "connects before its time");
  state_.server = a.server;
  require(state_.wants == will::running || state_.wants == will::unclear ||
              (state_.wants == will::draining && (state_.connect_since_drain || !queue_empty())),
          "connects, and nobody wants it");
  note("connecting");
  state_.connecting = true;
  state_.connecting_since = time_.now();
  const bool refused = random_.chance(how_.wrong.connect_refused);
  if (random_.chance(how_.wrong.connect_hangs)) {
    ++attempt_;
    return;
  }
  time_.after(random_.up_to(how_.hop), [this, refused, mine = ++attempt_] {
    if (mine == attempt_) {
      refused ? failed(boost::asio::error::connection_refused, "refused") : accepted();
    }
  });
}

void shell::accepted()
{
  if (!how_.handshake) {
    return connected();
  }
  note("shaking hands");
  begin(input::connected);
  state_.connecting_since = never;
  state_.shaking_hands_since = time_.now();
  session_.on_handshake(time_.now() + how_.handshake_timeout);
  const bool fails = random_.chance(how_.wrong.handshake_fails);
  const bool hangs = random_.chance(how_.wrong.handshake_hangs);
  const auto mine = ++attempt_;
  pump();
  if (!hangs) {
    time_.after(random_.up_to(how_.hop), [this, fails, mine] {
      if (mine == attempt_) {
        fails ? failed(alert_code(), "alert") : connected();
      }
    });
  }
}

void shell::connected()
{
  note("connected");
  ++attempt_;
  state_.connecting = false;
  state_.connecting_since = never;
  state_.shaking_hands_since = never;
  open_connection();
  begin(input::connected);
  session_.on_connected(time_.now());
  pump();
}

void shell::failed(boost::system::error_code error, std::string_view reason)
{
  note(reason);
  ++attempt_;
  begin(input::connect_failed);
  state_.connecting = false;
  state_.connecting_since = never;
  session_.on_connect_failed(error, std::string{reason}, time_.now());
  pump();
  state_.shaking_hands_since = never;
}

void shell::open_connection()
{
  line_ = std::make_shared<connection>(time_, random_, how_);
  state_.line.emplace(messages_, how_.options);
  const auto peer = std::make_shared<server>(time_, random_, how_, messages_, line_);
  line_->on_arrival = [peer](std::span<const std::byte> piece) { peer->arrived(piece); };
  line_->on_taken = [this](std::size_t n) { state_.line->took(n); };
  line_->before_delivery = [this](std::span<const std::byte> piece) {
    state_.line->delivered(piece);
  };
  choose_end();
}

void shell::choose_end()
{
  if (random_.chance(how_.wrong.never_reads)) {
    line_->stop_reading();
  }
  if (how_.handshake && random_.chance(how_.wrong.alert)) {
    time_.after(random_.up_to(std::chrono::milliseconds{10}), [line = line_] { line->alert(); });
  }
  if (!random_.chance(how_.wrong.cut)) {
    return;
  }
  switch (random_.below(3)) {
  case 0:
    return line_->limit_up(random_.between(1, 500));
  case 1:
    return line_->limit_down(random_.between(1, 100));
  default:
    time_.after(random_.up_to(std::chrono::milliseconds{50}),
                [line = line_, reset = random_.chance(500)] { line->end(reset); });
  }
}

void shell::perform(core::start_write a)
{
  require(state_.open() && !state_.writing && !a.bytes.empty(), "a write out of turn");
  require(!state_.write_failed, "writes to a peer that has gone");
  note("write ", a.bytes.size());
  state_.line->handed(a.bytes);
  state_.writing = true;
  state_.writing_since = time_.now();
  line_->write(a.bytes, [this](auto error, std::size_t n) { written(error, n); });
}

void shell::written(boost::system::error_code error, std::size_t n)
{
  note("wrote ", n, ' ', error.message());
  begin(input::written);
  state_.writing = false;
  state_.writing_since = never;
  state_.line->reported(n, time_.now());
  state_.write_failed = error.failed();
  session_.on_written(error, n, time_.now());
  close_if_done();
  pump();
}

void shell::perform(core::start_read a)
{
  require(state_.open() && !state_.reading && !a.room.empty(), "a read out of turn");
  state_.reading = true;
  line_->read(a.room, [this](auto error, std::size_t n) { read(error, n); });
}

void shell::read(boost::system::error_code error, std::size_t n)
{
  note("read ", n, ' ', error.message());
  begin(input::read);
  state_.reading = false;
  if (state_.open() && state_.line->has_answered()) {
    state_.heard = true;
    state_.doubtful = false;
  }
  if (error == alert_code() && !state_.heard && state_.open()) {
    state_.doubtful = true;
  }
  session_.on_read(error, n, time_.now());
  if (!state_.closing && state_.line->fault()) {
    require(session_.books().last_failure == *state_.line->fault(), "a fault by another's name");
  }
  close_if_done();
  pump();
}

void shell::perform(core::close_connection a)
{
  note("close");
  require(!state_.closing, "closed twice");
  require(!state_.probing, "a probe outlives its connection");
  require(!a.clean || (state_.line && state_.line->window().empty() && !state_.write_failed),
          "a goodbye, and not all was answered");
  state_.closing = true;
  if (a.clean && std::exchange(state_.leaving, false) &&
      (state_.wants != will::draining || !queue_empty())) {
    state_.doubtful = true; // what it is left for accepts, and more is not known
  }
  state_.leaving = false;
  if (state_.line) {
    put_back();
    line_->close();
  } else if (state_.connecting) {
    // The attempt ends some time, one way or another.
    time_.after(random_.up_to(how_.hop), [this, mine = ++attempt_] {
      if (mine == attempt_) {
        state_.connecting = false;
        state_.connecting_since = never;
        state_.shaking_hands_since = never;
        begin(input::connect_failed);
        random_.chance(500) ? session_.on_connected(time_.now())
                            : session_.on_connect_failed(boost::asio::error::operation_aborted,
                                                         "stopped", time_.now());
        close_if_done();
        pump();
      }
    });
  }
  close_if_done();
}

void shell::close_if_done()
{
  if (!state_.closing || state_.connecting || state_.writing || state_.reading || on_closed_due_) {
    return;
  }
  if (random_.chance(300)) {
    return closed();
  }
  on_closed_due_ = true;
  time_.after(random_.up_to(how_.closing), [this] {
    on_closed_due_ = false;
    closed();
    pump();
  });
}

void shell::closed()
{
  note("closed");
  begin(input::closed);
  drop_connection();
  state_.closing = false;
  session_.on_closed(time_.now());
}

void shell::drop_connection()
{
  if (line_) {
    line_->on_arrival = {};
  }
  line_.reset();
  state_.line.reset();
  state_.write_failed = false;
  state_.heard = false;
}

void shell::on_time()
{
  note("on time");
  begin(input::time);
  session_.on_time(time_.now());
  require(session_.next_deadline() > time_.now(), "a deadline was not handled");
  pump();
  require(session_.next_deadline() > time_.now(), "a deadline was not handled");
}

void shell::surplus()
{
  if (random_.chance(how_.wrong.surplus) && state_.open() && nothing_live() && !state_.writing &&
      line_->quiet()) {
    line_->deliver_at_once(acknowledgement());
  }
}

void shell::heal()
{
  note("heal");
  if (state_.wants == will::running) {
    for (tracked& t : messages_.all()) {
      t.must_succeed = !t.ended && t.submitted && !t.handed;
    }
  }
  if (state_.connecting && !state_.closing) {
    connected();
  } else if (state_.open()) {
    line_->break_at_once();
  }
}

} // namespace riemann::simulation
