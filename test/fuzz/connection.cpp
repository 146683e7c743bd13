// The test server's side of a connection: hostile bytes in any pieces, with and without
// faults. What it answers is what protobuf makes of the same bytes, however they are cut.
#include "input.hpp"
#include "make_event.hpp"
#include "require.hpp"
#include "testkit/connection_core.hpp"

#include <riemann/message.hpp>
#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::detail;
using fuzz::input;
using fuzz::require;

const timestamp now = timestamp::from_seconds(1'700'000'000);
constexpr std::size_t longest_stream = std::size_t{64} << 10;
constexpr std::size_t unlimited = std::size_t{1} << 30;
/// Bytes of an acknowledgement.
constexpr std::size_t ack_size = 6;

std::string piece_of(input& in)
{
  switch (in.below(6)) {
  case 0:
    return in.text();
  case 1:
    return fuzz::framed(in.block());
  case 2: {
    const event e = fuzz::make_event(in);
    return fuzz::to_text(message{e}.frame());
  }
  case 3:
    return fuzz::to_text(message::query(in.text()).frame());
  case 4: {
    const event e = fuzz::make_event(in);
    message m{e};
    m.set_query(in.text());
    return fuzz::to_text(m.frame());
  }
  default:
    return fuzz::header(in.number<std::uint32_t>());
  }
}

std::string stream_of(input& in)
{
  std::string stream;
  while (!in.empty() && stream.size() < longest_stream) {
    stream += piece_of(in);
  }
  return stream;
}

/// What the bytes are, as protobuf sees it.
struct expected_course {
  expected_course(std::string_view stream, std::size_t max_message_size)
  {
    while (stream.size() >= 4 && !ended) {
      const std::size_t length = fuzz::announced(stream);
      too_large = ended = length > max_message_size;
      if (ended || stream.size() - 4 < length) {
        return;
      }
      take(std::string{stream.substr(4, length)});
      stream.remove_prefix(4 + length);
    }
  }

  std::uint64_t messages = 0;
  std::uint64_t events = 0;
  std::uint64_t queries = 0;
  std::string frames{}; ///< of the messages
  bool malformed = false;
  bool too_large = false;
  bool ended = false;

private:
  void take(const std::string& body)
  {
    proto::Msg msg;
    malformed = ended = !msg.ParsePartialFromString(body) || !msg.IsInitialized();
    if (ended) {
      return;
    }
    ++messages;
    events += static_cast<std::uint64_t>(msg.events_size());
    queries += msg.has_query() ? 1 : 0;
    frames += fuzz::framed(body);
  }
};

bool may_follow(connection_phase from, connection_phase to)
{
  switch (from) {
  case connection_phase::open:
    return true;
  case connection_phase::finishing:
    return to != connection_phase::open;
  case connection_phase::half_closed:
  case connection_phase::closed:
  case connection_phase::cut_off:
  case connection_phase::reset:
    return to == from;
  }
  return false;
}

/// A connection, and a peer whose bytes come in pieces.
class driven {
public:
  driven(connection_options options, request_handler& handler, fault_source faults = {},
         frame_keeper keep = {})
      : options_{options}, handler_{handler}, core_{options, std::move(faults), std::move(keep)}
  {
    core_.begin(handler_);
    step();
  }

  void feed(std::string_view bytes, fuzz::cuts pieces, bool faults_due, bool writes_between)
  {
    while (!bytes.empty() && reads()) {
      const auto room = core_.prepare_read();
      require(!room.empty(), "there is no room to read to");
      require(room.size() <= std::max(options_.buffer.initial_capacity, 4 * (received_ + 1)),
              "more memory is taken than bytes have come");
      const std::size_t n = std::min({room.size(), bytes.size(), pieces.next()});
      std::memcpy(room.data(), bytes.data(), n);
      received_ += n;
      core_.received(n, handler_, now, faults_due);
      step();
      while (core_.is_full()) {
        make_room();
        core_.go_on(handler_, now, faults_due);
        step();
      }
      bytes.remove_prefix(n);
      if (writes_between && pieces.flagged()) {
        write(1 + n % 7);
      } else if (writes_between) {
        write(unlimited);
      }
    }
  }
  /// At most so many bytes at a time.
  void write(std::size_t piece)
  {
    for (unsigned turns = 0;; ++turns) {
      require(turns < 1'000'000, "there is something to do again and again");
      const bool speaks =
          core_.phase() == connection_phase::open || core_.phase() == connection_phase::finishing;
      const auto next = core_.next_output();
      require(speaks || next == connection_core::output::none, "an ended connection goes on");
      step();
      if (next == connection_core::output::none) {
        return;
      }
      if (next == connection_core::output::wait) {
        require(core_.take_pause().count() >= 0, "a pause of less than nothing");
      } else if (next == connection_core::output::write) {
        const auto bytes = core_.to_write();
        require(!bytes.empty(), "nothing is to be written");
        const std::size_t n = std::min(piece, bytes.size());
        written_ += fuzz::to_text(bytes.first(n));
        core_.sent(n);
      }
    }
  }

  [[nodiscard]] const std::string& written() const noexcept { return written_; }
  [[nodiscard]] connection_phase phase() const noexcept { return core_.phase(); }

private:
  [[nodiscard]] bool reads() const noexcept
  {
    return core_.phase() == connection_phase::open ||
           core_.phase() == connection_phase::finishing ||
           core_.phase() == connection_phase::half_closed;
  }
  /// Where no fault holds answers back.
  void make_room()
  {
    require(core_.next_output() == connection_core::output::write, "it is full of nothing");
    const auto bytes = core_.to_write();
    const std::size_t over = bytes.size() - std::min(bytes.size(), options_.max_unread_answers);
    require(over > 0, "it is full too soon");
    const server_counters seen = handler_.snapshot();
    const bool plain = seen.rejections == 0 && seen.queries == 0;
    require(!plain || over <= ack_size, "it is full too late");
    written_ += fuzz::to_text(bytes);
    core_.sent(bytes.size());
    require(!core_.is_full(), "it stays full");
  }
  void step()
  {
    require(may_follow(phase_, core_.phase()), "a phase comes back");
    phase_ = core_.phase();
  }

  connection_options options_;
  request_handler& handler_;
  connection_core core_;
  connection_phase phase_ = connection_phase::open;
  std::size_t received_ = 0;
  std::string written_{};
};

/// Every frame is an answer.
std::size_t count_answers(std::string_view written)
{
  std::size_t answers = 0;
  while (!written.empty()) {
    require(written.size() >= 4, "an answer is cut off");
    const std::size_t length = fuzz::announced(written);
    require(written.size() - 4 >= length, "an answer is cut off");
    require(response::parse(fuzz::to_bytes(written.substr(4, length))).has_value(),
            "an answer is none");
    written.remove_prefix(4 + length);
    ++answers;
  }
  return answers;
}

bool same(const server_counters& a, const server_counters& b)
{
  return a.messages == b.messages && a.events == b.events && a.queries == b.queries &&
         a.acks == b.acks && a.rejections == b.rejections && a.malformed == b.malformed &&
         a.too_large == b.too_large && a.cut_off == b.cut_off && a.indexed == b.indexed &&
         a.expired == b.expired;
}

struct stage {
  connection_options options;
  fuzz::cuts pieces;
  std::string stream;
};

/// In one piece, in several, and as a server that keeps what it acknowledges.
void check_agreement(const stage& s)
{
  const expected_course expected{s.stream, s.options.max_message_size};
  request_handler at_once{ttl_duration{60}};
  driven whole{s.options, at_once};
  whole.feed(s.stream, fuzz::cuts{}, true, false);
  whole.write(unlimited);

  const server_counters seen = at_once.snapshot();
  require(seen.messages == expected.messages && seen.events == expected.events &&
              seen.queries == expected.queries,
          "a server counts other messages than protobuf");
  require((seen.malformed != 0) == expected.malformed &&
              (seen.too_large != 0) == expected.too_large,
          "a server is offended by something else");
  require((whole.phase() == connection_phase::closed) == expected.ended &&
              (expected.ended || whole.phase() == connection_phase::open),
          "a connection ends otherwise than it ought to");
  require(count_answers(whole.written()) == seen.acks + seen.rejections,
          "it writes other answers than it counts");
  // An answer to a query may be impossible to encode.
  const std::uint64_t answers = seen.acks + seen.rejections;
  require(answers <= seen.messages && answers >= seen.messages - seen.queries,
          "messages are left unanswered");

  request_handler in_pieces{ttl_duration{60}};
  driven cut{s.options, in_pieces};
  cut.feed(s.stream, s.pieces, true, true);
  cut.write(unlimited);
  require(cut.written() == whole.written(), "other answers to the same bytes in pieces");
  require(same(in_pieces.snapshot(), seen), "other counts of the same bytes in pieces");
  require(cut.phase() == whole.phase(), "another end of the same bytes in pieces");

  std::string kept;
  request_handler keeping{ttl_duration{60}};
  driven journalled{s.options, keeping, {}, [&kept](auto frames) {
                      kept += fuzz::to_text(frames);
                      return std::optional<std::string>{};
                    }};
  journalled.feed(s.stream, s.pieces, false, true);
  journalled.write(unlimited);
  require(journalled.written() == whole.written(), "other answers where messages are kept");
  require(same(keeping.snapshot(), seen), "other counts where messages are kept");
  const bool all_acked = seen.acks == seen.messages;
  require(!all_acked || kept == expected.frames, "what is kept is not what was acknowledged");
}

/// One that forgets looks into no event, and so is offended by less.
void check_sink(const stage& s)
{
  request_handler forgetful{ttl_duration{60}, {}, retention::nothing};
  driven whole{s.options, forgetful};
  whole.feed(s.stream, fuzz::cuts{}, false, false);
  whole.write(unlimited);
  request_handler in_pieces{ttl_duration{60}, {}, retention::nothing};
  driven cut{s.options, in_pieces};
  cut.feed(s.stream, s.pieces, true, true);
  cut.write(unlimited);
  require(cut.written() == whole.written(), "a sink answers the same bytes otherwise in pieces");
  require(same(in_pieces.snapshot(), forgetful.snapshot()), "a sink counts otherwise in pieces");
  const expected_course expected{s.stream, s.options.max_message_size};
  require(forgetful.snapshot().messages >= expected.messages && forgetful.snapshot().indexed == 0,
          "a sink loses messages, or keeps them");
  count_answers(whole.written());
}

/// A peer that reads late is answered like one that reads at once, and less waits for it.
void check_unread(stage s)
{
  request_handler at_once{ttl_duration{60}};
  driven prompt{s.options, at_once};
  prompt.feed(s.stream, fuzz::cuts{}, true, false);
  prompt.write(unlimited);
  s.options.max_unread_answers = 5 * ack_size;
  request_handler in_turns{ttl_duration{60}};
  driven late{s.options, in_turns};
  late.feed(s.stream, s.pieces, true, false);
  late.write(unlimited);
  require(late.written() == prompt.written(), "other answers to who reads late");
  require(same(in_turns.snapshot(), at_once.snapshot()), "other counts with who reads late");
  require(late.phase() == prompt.phase(), "another end with who reads late");
}

fault make_fault(input& in)
{
  const std::size_t n = in.byte();
  switch (in.below(11)) {
  case 0:
    return reject{std::string(n, 'r')};
  case 1:
    return no_answer{};
  case 2:
    return surplus_answer{n};
  case 3:
    return garbage{std::string(n, '\xFF')};
  case 4:
    return announce{static_cast<std::uint32_t>(n) << 24U};
  case 5:
    return delay{std::chrono::milliseconds{n}};
  case 6:
    return split{n + 1};
  case 7:
    return coalesce{n % 8};
  case 8:
    return close_at{n};
  case 9:
    return reset_at{n};
  default:
    return slow_reads{n + 1, std::chrono::milliseconds{1}};
  }
}

/// What servers take at `fault_place::accept`.
bool at_accept(const fault& f)
{
  return std::holds_alternative<close_at>(f) || std::holds_alternative<reset_at>(f) ||
         std::holds_alternative<slow_reads>(f);
}

/// For the connection's beginning and its first messages.
std::vector<std::vector<fault>> make_faults(input& in)
{
  std::vector<std::vector<fault>> all(1 + in.below(8));
  for (std::vector<fault>& some : all) {
    for (std::size_t n = in.below(4); n > 0; --n) {
      some.push_back(make_fault(in));
    }
  }
  std::erase_if(all.front(), [](const fault& f) { return !at_accept(f); });
  return all;
}

void check_faults(const stage& s, const std::vector<std::vector<fault>>& all)
{
  request_handler handler{ttl_duration{60}};
  std::uint64_t next = 0;
  driven mistaken{s.options, handler, [&](std::uint64_t message) {
                    require(message == next++, "faults are asked for out of order");
                    return message < all.size() ? all[message] : std::vector<fault>{};
                  }};
  mistaken.feed(s.stream, s.pieces, true, true);
  mistaken.write(unlimited);
  const server_counters seen = handler.snapshot();
  require(seen.messages + seen.malformed + 1 == next, "faults are asked for too often");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  input in{data, size};
  const bool has_faults = in.flag();
  connection_options options{
      .max_message_size = in.one_of<std::size_t>({0, 40, 1'000, 1'000'000}),
      .max_unread_answers = unlimited,
      .buffer = {.initial_capacity = in.flag() ? std::size_t{16} : std::size_t{64} << 10,
                 .rounds_before_shrinking = 2}};
  fuzz::cuts pieces{in};
  const auto faults = has_faults ? make_faults(in) : std::vector<std::vector<fault>>{};
  const stage s{options, pieces, stream_of(in)};
  if (has_faults) {
    check_faults(s, faults);
  } else {
    check_agreement(s);
    check_sink(s);
    check_unread(s);
  }
  return 0;
}
