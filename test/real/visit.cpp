#include "visit.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <random>
#include <utility>

namespace riemann::test {

namespace {

std::string word_of_its_own()
{
  std::random_device random;
  std::array<char, 40> word{};
  std::snprintf(word.data(), word.size(), "riemann-asio-%08x%08x ", random(), random());
  return word.data();
}

} // namespace

visit::visit(sync_client with) : client{std::move(with)}, word_{word_of_its_own()} {}

visit::~visit()
{
  try {
    for (event& e : found()) {
      event last;
      last.host = std::move(e.host);
      last.service = std::move(e.service);
      last.state = "expired";
      put(last);
    }
    BOOST_TEST(found().empty());
  } catch (const std::exception& failure) {
    BOOST_ERROR("events were left behind: " << failure.what());
  }
}

event visit::named(std::string_view name) const
{
  event e;
  e.host = "box";
  e.service = service(name);
  e.ttl = ttl_duration{60.0F};
  return e;
}

std::vector<event> visit::many(std::size_t count) const
{
  std::vector<event> all;
  for (std::size_t i = 0; i != count; ++i) {
    all.push_back(named(std::to_string(i)));
    all.back().metric = static_cast<std::int64_t>(i);
  }
  return all;
}

void visit::put(const event& e)
{
  client.send_or_throw(e);
}

std::vector<event> visit::found(const query& more)
{
  const query mine = field{"service"}.starts_with(word_) && more;
  const auto answer = client.query(mine);
  auto events = answer.value().to_events();
  std::ranges::sort(events, {}, [](const event& e) { return std::pair{e.service, e.host}; });
  for (event& e : events) {
    std::ranges::sort(e.attributes, {}, &attribute::key);
  }
  return events;
}

std::multiset<std::string> visit::names(const query& more)
{
  std::multiset<std::string> all;
  for (const event& e : found(more)) {
    all.insert(e.service.value().substr(word_.size()));
  }
  return all;
}

void visit::wait_for(std::size_t count)
{
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (found().size() < count) {
    BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit), "not all came");
  }
}

} // namespace riemann::test
