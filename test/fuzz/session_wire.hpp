#ifndef RIEMANN_FUZZ_SESSION_WIRE_HPP
#define RIEMANN_FUZZ_SESSION_WIRE_HPP

#include "core/request.hpp"
#include "input.hpp"
#include "require.hpp"

#include <riemann/options.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::fuzz {

/// What a server said to a message.
enum class reply { none, acknowledgement, rejection, events };

/// A message as its user and the network know it.
struct sent_message : core::request {
  sent_message(message m, core::time_point deadline, std::string called)
      : core::request{std::move(m), deadline},
        name{std::move(called)},
        has_query{payload.has_query()}
  {}

  /// Its user's, to be cancelled by; no other operation's.
  [[nodiscard]] std::uint64_t id() const noexcept { return number; }

  std::string name;
  bool has_query;
  std::size_t number = 0; ///< the how manieth
  bool is_over = false;
  bool submitted = false; ///< to the session; before that the inbox has it
  bool handed = false;    ///< to a connection, to be written
  bool touched = false;   ///< bytes of it were written
  reply answered = reply::none;
};

/// All messages, by what they look like on the wire: no two are alike.
class mail {
public:
  sent_message& add(message m, core::time_point deadline, std::string name)
  {
    const std::string body = to_text(m.body());
    sent_message& s = all_.emplace_back(std::move(m), deadline, std::move(name));
    s.number = all_.size();
    by_body_[body] = &s;
    return s;
  }
  /// None: it is an empty one, which nobody sent.
  sent_message* find(const std::string& body)
  {
    if (body.empty()) {
      return nullptr;
    }
    const auto found = by_body_.find(body);
    require(found != by_body_.end(), "something is written that nobody sent");
    return found->second;
  }
  std::deque<sent_message>& all() noexcept { return all_; }

private:
  std::deque<sent_message> all_{};
  std::map<std::string, sent_message*> by_body_{};
};

/// One connection's bytes, both ways, and what they mean.
class wire {
public:
  wire(mail& messages, const session_options& options) : messages_{messages}, options_{options} {}

  /// The session asks for these to be written.
  void handed(std::span<const std::byte> bytes)
  {
    const std::string text = to_text(bytes);
    if (taken_ != stream_.size()) {
      require(text == stream_.substr(taken_), "the rest of a write is another");
      return;
    }
    stream_ += text;
    const std::size_t before = frames_.size();
    for (std::size_t at = taken_; at != stream_.size();) {
      require(stream_.size() - at >= 4, "a write breaks off");
      const std::size_t length = announced(std::string_view{stream_}.substr(at));
      require(stream_.size() - at - 4 >= length, "a write breaks off");
      add_frame(at, length);
      at = frames_.back().end;
    }
    require(frames_.size() - before == 1 || text.size() <= options_.max_write_size,
            "a write is longer than it may be");
    check_window();
  }
  /// As long as they are being written, they stay as they were.
  void check_unchanged(std::span<const std::byte> bytes) const
  {
    require(to_text(bytes) == stream_.substr(taken_), "what is being written has changed");
  }
  void wrote(std::size_t n)
  {
    taken_ += n;
    touch(taken_);
  }

  /// The server answers the next message, as soon as it has it whole.
  void answer(reply how)
  {
    if (replied_ == frames_.size() || (broken_ && frames_[replied_].end > taken_)) {
      return;
    }
    const frame& f = frames_[replied_++];
    touch(f.end);
    least_taken_ = f.end;
    if (f.owner == nullptr) {
      coming_ += framed("\x10\x01");
      return;
    }
    how = how == reply::events && !f.owner->has_query ? reply::acknowledgement : how;
    f.owner->answered = how;
    coming_ += framed(body_of(how, f.owner->name));
  }
  /// It says something that need not be an answer.
  void say(const std::string& bytes)
  {
    coming_ += bytes;
    honest_ = honest_ && bytes.empty();
  }
  /// Moves up to `most` bytes to the client.
  std::size_t deliver(std::span<std::byte> room, std::size_t most)
  {
    const std::size_t n = std::min({room.size(), most, coming_.size() - delivered_});
    if (n != 0) {
      std::memcpy(room.data(), coming_.data() + delivered_, n);
    }
    delivered_ += n;
    return n;
  }
  /// What was delivered has been read.
  void heard()
  {
    while (delivered_ - read_ >= 4 && !offended_) {
      const std::size_t length = announced(std::string_view{coming_}.substr(read_));
      offended_ = length > options_.max_answer_size;
      if (offended_ || delivered_ - read_ - 4 < length) {
        return;
      }
      offended_ = answered_ == frames_.size();
      answered_ += offended_ ? 0 : 1;
      read_ += 4 + length;
    }
  }
  /// ...and the connection goes on.
  void goes_on() const
  {
    require(!offended_, "too long an answer, or one nobody asked for, is let pass");
    for (std::size_t i = 0; i != answered_; ++i) {
      require(frames_[i].owner == nullptr || frames_[i].owner->is_over,
              "a message is answered and goes on");
    }
  }
  /// A write has failed: nothing more arrives at the server.
  void breaks() noexcept { broken_ = true; }

  /// Bytes the server has, whether the client knows or not.
  [[nodiscard]] std::size_t least_to_report() const noexcept
  {
    return least_taken_ > taken_ ? least_taken_ - taken_ : 0;
  }
  [[nodiscard]] bool honest() const noexcept { return honest_; }
  /// Places of given up messages whose answers are owed.
  [[nodiscard]] std::uint64_t tombstones() const
  {
    std::uint64_t n = 0;
    for (std::size_t i = answered_; i != frames_.size(); ++i) {
      n += frames_[i].owner != nullptr && frames_[i].owner->is_over ? 1 : 0;
    }
    return n;
  }

private:
  struct frame {
    sent_message* owner; ///< none: it asks whether the server is there
    std::size_t begin;
    std::size_t end;
  };

  void add_frame(std::size_t at, std::size_t length)
  {
    sent_message* const owner = messages_.find(stream_.substr(at + 4, length));
    if (owner != nullptr) {
      require(!owner->is_over, "a message is written that has ended");
      require(owner->number > last_, "messages are written out of order");
      last_ = owner->number;
      owner->handed = true;
      owner->answered = reply::none;
    }
    frames_.push_back({owner, at, at + 4 + length});
  }
  /// Bounded, and nothing is written behind a query.
  void check_window() const
  {
    const std::size_t owed = frames_.size() - answered_;
    require(owed <= options_.max_in_flight, "more is in flight than may be");
    const std::size_t bytes = frames_.back().end - frames_[answered_].begin;
    require(owed == 1 || bytes <= options_.max_in_flight_bytes, "more bytes than may be");
    for (std::size_t i = answered_; i + 1 != frames_.size(); ++i) {
      require(frames_[i].owner == nullptr || !frames_[i].owner->has_query,
              "something is written behind a query");
    }
  }
  void touch(std::size_t end)
  {
    for (; touched_ != frames_.size() && frames_[touched_].begin < end; ++touched_) {
      if (frames_[touched_].owner != nullptr) {
        frames_[touched_].owner->touched = true;
      }
    }
  }
  static std::string body_of(reply how, const std::string& name)
  {
    const auto size = static_cast<char>(name.size());
    switch (how) {
    case reply::rejection:
      return std::string{"\x10\x00\x1a", 3} + size + name;
    case reply::events:
      return std::string{"\x10\x01\x32"} + static_cast<char>(size + 2) + "\x1a" + size + name;
    case reply::acknowledgement:
    case reply::none:
      break;
    }
    return "\x10\x01";
  }

  mail& messages_;
  const session_options& options_;
  std::string stream_{}; ///< that was handed over
  std::size_t taken_ = 0;
  std::size_t least_taken_ = 0;
  std::vector<frame> frames_{};
  std::size_t last_ = 0;     ///< message that was handed over
  std::size_t touched_ = 0;  ///< frames of which bytes were taken
  std::size_t replied_ = 0;  ///< frames that the server has answered
  std::size_t answered_ = 0; ///< frames whose answers the client has read
  std::string coming_{};     ///< all that the server says
  std::size_t delivered_ = 0;
  std::size_t read_ = 0;
  bool honest_ = true;
  bool offended_ = false; ///< by what it says
  bool broken_ = false;
};

} // namespace riemann::fuzz

#endif
