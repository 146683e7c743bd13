#include "server.hpp"

#include "violation.hpp"

namespace riemann::simulation {

void server::arrived(std::span<const std::byte> piece)
{
  unread_.insert(unread_.end(), piece.begin(), piece.end());
  std::size_t at = 0;
  while (unread_.size() - at >= 4) {
    const std::span rest{unread_.data() + at, unread_.size() - at};
    const std::size_t size = announced(rest);
    if (rest.size() - 4 < size) {
      break;
    }
    handle(decode(rest.subspan(4, size)));
    at += 4 + size;
  }
  unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(at));
}

void server::handle(const asked& a)
{
  const bool ping = a.names.empty();
  tracked* const who = ping ? &messages_.ping() : messages_.find(a);
  require(who != nullptr, "the server received a message nobody sent");
  require(++who->at_server.received <= 1 + who->resends || ping,
          "the server received a message twice");
  const reply what = ping ? reply::acknowledge : choose(a);
  if (what == reply::none) {
    return;
  }
  to_answer_.emplace_back(who, what);
  if (to_answer_.size() == 1) {
    send_next();
  }
}

server::reply server::choose(const asked& a)
{
  const faults& wrong = how_.wrong;
  if (random_.chance(a.has_query ? wrong.silent_query : wrong.silent_events)) {
    return reply::none;
  }
  if (random_.chance(wrong.malformed)) {
    return reply::garble;
  }
  if (random_.chance(wrong.oversized)) {
    return reply::exceed;
  }
  if (!a.has_query && random_.chance(wrong.unexpected_events)) {
    return reply::mistake;
  }
  if (random_.chance(how_.reject)) {
    return reply::reject;
  }
  return a.has_query && !random_.chance(200) ? reply::find : reply::acknowledge;
}

void server::send_next()
{
  auto thought = random_.up_to(how_.hop);
  if (random_.chance(how_.wrong.late)) {
    thought = random_.up_to(2 * how_.options.answer_timeout);
  }
  time_.after(thought, [this, self = shared_from_this()] {
    const auto [to, what] = to_answer_.front();
    to_answer_.pop_front();
    answer(*to, what);
    if (!to_answer_.empty()) {
      send_next();
    }
  });
}

void server::answer(tracked& to, reply what)
{
  switch (what) {
  case reply::none:
    return;
  case reply::acknowledge:
    ++to.at_server.acknowledged;
    return line_->send(acknowledgement());
  case reply::reject:
    ++to.at_server.rejected;
    return line_->send(rejection(to.name()));
  case reply::find:
    to.at_server.found = static_cast<unsigned>(random_.between(1, 3));
    return line_->send(found(to.name(), to.at_server.found));
  case reply::garble:
    return line_->send(malformed());
  case reply::exceed:
    return line_->send(oversized(how_.options.max_answer_size));
  case reply::mistake:
    return line_->send(found(to.name(), 1));
  }
}

} // namespace riemann::simulation
