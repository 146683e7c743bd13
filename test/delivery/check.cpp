// Holds the outcomes that a load was told against the journals of its servers, and tells
// what is wrong, in a line of JSON. The exit code is 0 if nothing is.
//
// usage: delivery-check OUTCOMES SUBMITTED once|again JOURNAL...
//
// again: what is resent may be in the journals more than once.
#include "record.hpp"

#include <riemann/response.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace delivery {

namespace {

/// How many of something are wrong, and the first.
struct fault_count {
  void add(std::uint64_t number) noexcept
  {
    first = count++ == 0 ? number : std::min(first, number);
  }

  const char* what;
  std::uint64_t count = 0;
  std::uint64_t first = 0;
};

/// What is known of a number.
struct fate {
  std::uint8_t ended = 0;
  std::uint32_t kept = 0;
  riemann::outcome outcome{};
};

class checker {
public:
  checker(std::uint64_t submitted, bool once) : fates_(submitted), once_{once} {}

  void read_outcomes(const std::string& path)
  {
    std::ifstream file{open(path)};
    record r;
    while (file.read(reinterpret_cast<char*>(&r), sizeof r)) {
      if (r.number() >= fates_.size()) {
        invented_.add(r.number());
        continue;
      }
      auto& f = fates_[r.number()];
      f.outcome = r.outcome();
      if (f.ended++ != 0) {
        ended_twice_.add(r.number());
      }
    }
  }

  void read_journal(const std::string& path)
  {
    std::ifstream file{open(path)};
    std::array<char, 4> prefix{};
    while (file.read(prefix.data(), prefix.size())) {
      std::uint32_t length = 0;
      for (const char c : prefix) {
        length = length << 8 | static_cast<unsigned char>(c);
      }
      std::vector<std::byte> body(length);
      // A server that was killed may have left the part of one that it was writing.
      if (!file.read(reinterpret_cast<char*>(body.data()), length)) {
        break;
      }
      add_kept(body);
    }
  }

  /// Whether all is right.
  bool tell()
  {
    std::uint64_t acked = 0;
    std::uint64_t kept = 0;
    for (std::uint64_t n = 0; n != fates_.size(); ++n) {
      judge(n);
      acked += fates_[n].ended != 0 && fates_[n].outcome == riemann::outcome::acked ? 1 : 0;
      kept += fates_[n].kept != 0 ? 1 : 0;
    }
    std::printf("{\"acked\": %llu, \"kept\": %llu, \"unknown_and_kept\": %llu, \"wrong\": {",
                static_cast<unsigned long long>(acked), static_cast<unsigned long long>(kept),
                static_cast<unsigned long long>(unknown_and_kept_));
    bool good = true;
    for (const auto& f :
         {lost_, kept_unsent_, kept_twice_, never_ended_, ended_twice_, invented_, unreadable_}) {
      if (f.count != 0) {
        std::printf("%s\"%s\": [%llu, %llu]", good ? "" : ", ", f.what,
                    static_cast<unsigned long long>(f.count),
                    static_cast<unsigned long long>(f.first));
        good = false;
      }
    }
    std::printf("}}\n");
    return good;
  }

private:
  static std::ifstream open(const std::string& path)
  {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
      throw std::runtime_error{path + " cannot be read"};
    }
    return file;
  }

  void add_kept(std::vector<std::byte>& body)
  {
    const auto frame = frames_++;
    const auto message = riemann::response::parse(std::move(body));
    if (!message) {
      return unreadable_.add(frame);
    }
    for (const riemann::event_view e : message->events()) {
      const auto metric = e.metric();
      if (e.service() != "load" || !metric || !metric->is_integer()) {
        unreadable_.add(frame);
        continue;
      }
      const auto number =
          metric->visit([](auto value) { return static_cast<std::uint64_t>(value); });
      if (number >= fates_.size()) {
        invented_.add(number);
      } else if (fates_[number].kept++ != 0 && once_) {
        kept_twice_.add(number);
      }
    }
  }

  void judge(std::uint64_t number)
  {
    const fate f = fates_[number];
    if (f.ended == 0) {
      return never_ended_.add(number);
    }
    switch (f.outcome) {
    case riemann::outcome::acked:
      if (f.kept == 0) {
        lost_.add(number);
      }
      break;
    case riemann::outcome::rejected:
    case riemann::outcome::not_sent:
      if (f.kept != 0) {
        kept_unsent_.add(number);
      }
      break;
    case riemann::outcome::unknown:
    case riemann::outcome::sent:
      unknown_and_kept_ += f.kept != 0 ? 1 : 0;
      break;
    }
  }

  std::vector<fate> fates_;
  bool once_;
  std::uint64_t frames_ = 0;
  std::uint64_t unknown_and_kept_ = 0;
  fault_count lost_{"acked and not in the journal"};
  fault_count kept_unsent_{"rejected or not_sent, and in the journal"};
  fault_count kept_twice_{"twice in the journal"};
  fault_count never_ended_{"submitted and never ended"};
  fault_count ended_twice_{"ended twice"};
  fault_count invented_{"never submitted"};
  fault_count unreadable_{"frames of the journal that are not the load's"};
};

} // namespace

} // namespace delivery

int main(int argc, char** argv)
{
  if (argc < 5) {
    std::cerr << "usage: delivery-check OUTCOMES SUBMITTED once|again JOURNAL...\n";
    return 2;
  }
  try {
    delivery::checker checker{std::stoull(argv[2]), std::string{"once"} == argv[3]};
    checker.read_outcomes(argv[1]);
    for (int i = 4; i != argc; ++i) {
      checker.read_journal(argv[i]);
    }
    return checker.tell() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "delivery-check: " << error.what() << '\n';
    return 2;
  }
}
