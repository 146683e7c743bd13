// What injected faults do to the bytes of one connection.
#include "testkit/connection_core.hpp"
#include "testkit/fault_plan.hpp"

#include <riemann/message.hpp>
#include <riemann/options.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::detail;
using namespace std::chrono_literals;
using output = connection_core::output;

const std::string ack{"\0\0\0\2\x10\x01", 6};

/// A connection whose faults come from a plan; it is the server's first.
struct faulty {
  void inject(std::vector<fault> together, fault_place where = {})
  {
    plan.add(std::move(together), where);
  }
  void begin() { core.begin(handler); }
  void ask(const message& m)
  {
    auto bytes = m.frame();
    while (!bytes.empty()) {
      const auto room = core.prepare_read();
      const auto n = std::min(room.size(), bytes.size());
      std::memcpy(room.data(), bytes.data(), n);
      core.received(n, handler, timestamp::from_seconds(1'700'000'000));
      bytes = bytes.subspan(n);
    }
  }
  void ping() { ask(message{}); }
  /// The writes until something else is to be done, which is left in `then`.
  std::vector<std::string> writes()
  {
    std::vector<std::string> all;
    while ((then = core.next_output()) == output::write) {
      const auto bytes = core.to_write();
      all.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      core.sent(bytes.size());
    }
    return all;
  }
  std::string written()
  {
    std::string all;
    for (const auto& w : writes()) {
      all += w;
    }
    return all;
  }

  fault_plan plan{};
  request_handler handler{ttl_duration{60}};
  connection_core core{{.max_message_size = 1U << 20, .max_unread_answers = 1U << 20},
                       [this](std::uint64_t m) { return plan.take(1, m); }};
  output then = output::none;
};

using strings = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(testkit_fault, faulty)

BOOST_AUTO_TEST_CASE(reject_answers_its_text_and_applies_nothing)
{
  inject({reject{"full"}});
  ask(message{{.service = "s"}});
  BOOST_TEST(written() == (std::string{"\0\0\0\x08\x10\0\x1a\x04"
                                       "full",
                                       12}));
  BOOST_TEST(handler.index().size() == 0U);
  BOOST_TEST(handler.snapshot().rejections == 1U);
  BOOST_TEST(handler.snapshot().faults == 1U);
  ping();
  BOOST_TEST(written() == ack);
}

BOOST_AUTO_TEST_CASE(no_answer_applies_and_stays_silent)
{
  inject({no_answer{}});
  ask(message{{.service = "s"}});
  BOOST_TEST(written().empty());
  BOOST_TEST(handler.index().size() == 1U);
}

BOOST_AUTO_TEST_CASE(surplus_answers_come_behind_the_answer)
{
  inject({testkit::surplus_answer{2}});
  ping();
  BOOST_TEST(written() == ack + ack + ack);
}

BOOST_AUTO_TEST_CASE(garbage_and_announced_lengths_come_in_place_of_the_answer)
{
  inject({garbage{"no"}});
  inject({announce{0x01020304}});
  ping();
  ping();
  BOOST_TEST(written() == (std::string{"\0\0\0\2no\1\2\3\4", 10}));
}

BOOST_AUTO_TEST_CASE(delay_is_waited_for_before_the_answer_and_all_behind_it)
{
  inject({delay{50ms}}, {.message = 2});
  ping();
  ping();
  ping();
  BOOST_TEST((writes() == strings{ack}));
  BOOST_TEST((then == output::wait));
  BOOST_TEST((core.take_pause() == 50ms));
  BOOST_TEST((writes() == strings{ack + ack}));
}

BOOST_AUTO_TEST_CASE(split_writes_pieces)
{
  inject({split{4}});
  ping();
  ping();
  BOOST_TEST((writes() == strings{ack.substr(0, 4), ack.substr(4), ack}));
}

BOOST_AUTO_TEST_CASE(coalesced_answers_go_out_in_one_write)
{
  inject({coalesce{2}});
  ping();
  ping();
  BOOST_TEST(writes().empty());
  ping();
  BOOST_TEST((writes() == strings{ack + ack + ack}));
}

BOOST_AUTO_TEST_CASE(close_at_a_byte_shuts_after_it_and_answers_nothing_more)
{
  inject({close_at{3}});
  ping();
  BOOST_TEST((writes() == strings{ack.substr(0, 3)}));
  BOOST_TEST((then == output::shut));
  BOOST_TEST((core.phase() == connection_phase::half_closed));
  ask(message{{.service = "late"}});
  BOOST_TEST(written().empty());
  BOOST_TEST(handler.index().size() == 0U);
}

BOOST_AUTO_TEST_CASE(close_at_more_bytes_than_there_are_shuts_behind_the_answer)
{
  inject({close_at{100}});
  ping();
  BOOST_TEST(written() == ack);
  BOOST_TEST((core.phase() == connection_phase::half_closed));
}

BOOST_AUTO_TEST_CASE(close_at_any_number_of_bytes_is_of_its_own_answer)
{
  inject({close_at{std::numeric_limits<std::size_t>::max()}}, {.message = 2});
  ping();
  ping();
  BOOST_TEST(written() == ack + ack);
  BOOST_TEST((then == output::shut));
}

BOOST_AUTO_TEST_CASE(coalesce_any_number_of_messages_holds_back)
{
  inject({coalesce{std::numeric_limits<std::uint64_t>::max()}});
  ping();
  ping();
  BOOST_TEST(written().empty());
}

BOOST_AUTO_TEST_CASE(reset_at_a_byte_resets_after_it)
{
  inject({reset_at{1}});
  ping();
  BOOST_TEST((writes() == strings{ack.substr(0, 1)}));
  BOOST_TEST((core.phase() == connection_phase::reset));
}

BOOST_AUTO_TEST_CASE(slow_reads_are_small_and_apart)
{
  inject({slow_reads{2, 7ms}}, {.message = fault_place::accept});
  begin();
  BOOST_TEST(core.prepare_read().size() == 2U);
  BOOST_TEST((core.read_pause() == 7ms));
  ping();
  BOOST_TEST(written() == ack);
}

BOOST_AUTO_TEST_CASE(faults_at_accept_come_before_any_message)
{
  inject({reset_at{}}, {.connection = 1, .message = fault_place::accept});
  begin();
  BOOST_TEST(written().empty());
  BOOST_TEST((core.phase() == connection_phase::reset));
}

BOOST_AUTO_TEST_CASE(faults_given_together_happen_together_and_others_in_turn)
{
  inject({delay{1ms}, split{5}});
  inject({no_answer{}});
  ping();
  ping();
  BOOST_TEST(writes().empty());
  BOOST_TEST((then == output::wait));
  core.take_pause();
  // The second message's answer is missing.
  BOOST_TEST((writes() == strings{ack.substr(0, 5), ack.substr(5)}));
  BOOST_TEST(handler.snapshot().faults == 3U);
}

BOOST_AUTO_TEST_CASE(order_of_faults_given_together_does_not_matter)
{
  inject({split{6}, close_at{100}, testkit::surplus_answer{1}});
  ping();
  BOOST_TEST((writes() == strings{ack, ack}));
  BOOST_TEST((then == output::shut));
}

BOOST_AUTO_TEST_CASE(faults_at_accept_may_count_what_the_client_sends)
{
  inject({reset_at{7}}, {.message = fault_place::accept});
  begin();
  BOOST_TEST(core.prepare_read().size() == 7U);
  ping();
  BOOST_TEST((writes() == strings{ack}));
  BOOST_TEST((core.phase() == connection_phase::open));
  BOOST_TEST(core.prepare_read().size() == 3U);
  core.received(3, handler, timestamp::from_seconds(1));
  BOOST_TEST(written().empty());
  BOOST_TEST((core.phase() == connection_phase::reset));
}

BOOST_AUTO_TEST_CASE(fault_of_any_message_waits_for_one_and_does_not_happen_at_accept)
{
  inject({close_at{}});
  begin();
  BOOST_TEST(writes().empty());
  BOOST_TEST((then == output::none));
  BOOST_TEST(handler.snapshot().faults == 0U);
  ping();
  BOOST_TEST(writes().empty());
  BOOST_TEST((then == output::shut));
  BOOST_TEST(handler.snapshot().faults == 1U);
}

BOOST_AUTO_TEST_CASE(place_says_where_and_how_often)
{
  inject({reject{"other"}}, {.connection = 2});
  inject({reject{"third"}}, {.message = 3});
  inject({reject{"twice"}}, {.times = 2});
  for (int i = 0; i != 4; ++i) {
    ping();
  }
  const auto all = written();
  BOOST_TEST(all.find("other") == std::string::npos);
  BOOST_TEST(all.find("twice") < all.rfind("twice"));
  BOOST_TEST(all.find("third") > all.rfind("twice"));
  BOOST_TEST(all.ends_with(ack));
  inject({reject{"ever"}}, {.times = 0});
  for (int i = 0; i != 3; ++i) {
    ping();
  }
  BOOST_TEST(handler.snapshot().rejections == 6U);
  plan.clear();
  ping();
  BOOST_TEST(handler.snapshot().rejections == 6U);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_by_name)
{
  const auto refused = [&](fault f, fault_place where, std::string_view name) {
    BOOST_CHECK_EXCEPTION(inject({std::move(f)}, where), std::invalid_argument,
                          [&](const std::invalid_argument& e) {
                            return std::string_view{e.what()}.find(name) != std::string_view::npos;
                          });
  };
  refused(split{0}, {}, "split::bytes");
  refused(slow_reads{0, 1ms}, {}, "slow_reads::bytes");
  refused(slow_reads{1, -1ms}, {}, "slow_reads::pause");
  refused(delay{-1ms}, {}, "delay::time");
  refused(surplus_answer{1'000'001}, {}, "surplus_answer::count");
  // Added to the time it is, they are no longer a time.
  refused(slow_reads{1, std::chrono::milliseconds::max()}, {}, "slow_reads::pause");
  refused(delay{std::chrono::milliseconds::max()}, {}, "delay::time");
  refused(delay{session_options::max_duration + 1ms}, {}, "delay::time");
  BOOST_CHECK_NO_THROW(inject({delay{session_options::max_duration}}));
  refused(no_answer{}, {.connection = 0}, "fault_place::connection");
  refused(no_answer{}, {.message = fault_place::accept}, "fault_place::message");
}

BOOST_AUTO_TEST_SUITE_END()
