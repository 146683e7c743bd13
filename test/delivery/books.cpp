#include "books.hpp"

#include <riemann/error.hpp>

#include <cerrno>
#include <numeric>
#include <string_view>
#include <system_error>

namespace delivery {

namespace {

constexpr std::size_t records_a_write = 8'192;
constexpr std::array all_outcomes{riemann::outcome::acked, riemann::outcome::sent,
                                  riemann::outcome::rejected, riemann::outcome::not_sent,
                                  riemann::outcome::unknown};

[[noreturn]] void fail(const std::string& what)
{
  throw std::system_error{errno, std::generic_category(), what};
}

/// Of those that run.py waits for; of others the text.
std::string name_of(const boost::system::error_code& error)
{
  if (error == riemann::errc::answer_timeout) {
    return "answer_timeout";
  }
  if (error == riemann::errc::overloaded) {
    return "overloaded";
  }
  return error == riemann::errc::dropped ? "dropped" : error.message();
}

std::uint64_t of(const riemann::tally& t, riemann::outcome o)
{
  switch (o) {
  case riemann::outcome::acked:
    return t.acked;
  case riemann::outcome::sent:
    return t.sent;
  case riemann::outcome::rejected:
    return t.rejected;
  case riemann::outcome::not_sent:
    return t.not_sent;
  case riemann::outcome::unknown:
    return t.unknown;
  }
  return 0;
}

} // namespace

std::uint64_t counts::ended() const
{
  return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0});
}

std::string counts::json() const
{
  std::string text;
  const auto add = [&text](std::string_view name, std::uint64_t count) {
    text.append("\"").append(name).append("\": ").append(std::to_string(count));
  };
  for (const auto o : all_outcomes) {
    add(riemann::to_string(o), of(o));
    text += ", ";
  }
  text += "\"errors\": {";
  const char* between = "";
  for (const auto& [error, count] : errors) {
    text += between;
    add(name_of(error), count);
    between = ", ";
  }
  return text + "}";
}

books::books(const std::string& file)
{
  if (file.empty()) {
    return;
  }
  file_.reset(std::fopen(file.c_str(), "wb"));
  if (!file_) {
    fail(file);
  }
  records_.reserve(records_a_write);
}

void books::end(std::uint64_t number, const boost::system::error_code& error)
{
  const auto o = riemann::outcome_of(error);
  const std::lock_guard lock{mutex_};
  ++counts_.outcomes[static_cast<std::size_t>(o)];
  if (error) {
    ++counts_.errors[error];
  }
  if (file_) {
    records_.emplace_back(number, o);
    if (records_.size() == records_a_write) {
      write_records();
    }
  }
}

counts books::ended() const
{
  const std::lock_guard lock{mutex_};
  return counts_;
}

void books::write_records()
{
  if (std::fwrite(records_.data(), sizeof(record), records_.size(), file_.get()) !=
      records_.size()) {
    fail("the outcomes");
  }
  records_.clear();
}

void books::flush()
{
  const std::lock_guard lock{mutex_};
  if (file_) {
    write_records();
    if (std::fflush(file_.get()) != 0) {
      fail("the outcomes");
    }
  }
}

std::string complaint(const riemann::statistics& theirs, const counts& before,
                      std::uint64_t submitted_after)
{
  if (!theirs.messages.balanced()) {
    return "the messages do not balance";
  }
  // One event a message.
  if (theirs.events != theirs.messages) {
    return "the events are not those of the messages";
  }
  if (theirs.messages.submitted > submitted_after) {
    return "more is counted as submitted than was handed over";
  }
  for (const auto o : all_outcomes) {
    if (before.of(o) > of(theirs.messages, o)) {
      return "fewer are counted as " + std::string{riemann::to_string(o)} +
             " than handlers were told";
    }
  }
  return {};
}

std::string final_complaint(const riemann::statistics& theirs, const counts& ours,
                            std::uint64_t submitted)
{
  if (const auto said = complaint(theirs, ours, submitted); !said.empty()) {
    return said;
  }
  if (theirs.messages.submitted != submitted || ours.ended() != submitted) {
    return "what was submitted is not the sum of the outcomes";
  }
  for (const auto o : all_outcomes) {
    if (ours.of(o) != of(theirs.messages, o)) {
      return "another number of " + std::string{riemann::to_string(o)} + " is counted";
    }
  }
  return theirs.messages.live() == 0 ? "" : "something is counted as live";
}

} // namespace delivery
