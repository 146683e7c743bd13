// When reports are made and what becomes of them: no sockets, and time as it is told.
#include "reporter_rig.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

struct with_reporter : reporter_rig {
  with_reporter() { make({.interval = 10s, .last_report = false}); }

  /// One that has something to say, and has begun.
  void begin()
  {
    reporter->add_counter("n", {});
    BOOST_TEST(reporter->start());
  }
};

std::string complaint(const reporter_options& options)
{
  try {
    options.validate();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(reporter_test, with_reporter)

BOOST_AUTO_TEST_CASE(report_when_the_interval_has_passed_then_one_message_and_none_before)
{
  reporter->add_counter("a", {});
  reporter->add_gauge("b", {}).set(1);
  BOOST_TEST(reporter->start());
  BOOST_TEST(!reporter->start());
  pass(9'999ms);
  BOOST_TEST(transport->waiting.empty());
  pass(1ms);
  BOOST_TEST_REQUIRE(transport->waiting.size() == 1U);
  const auto events = transport->waiting[0].content.to_events();
  BOOST_TEST_REQUIRE(events.size() == 2U);
  BOOST_TEST(*events[0].service == "a");
  BOOST_TEST(events[0].ttl->count() == 20.0F);
  BOOST_TEST((transport->waiting[0].options.deadline == 9s));
  end();
  BOOST_TEST((results.size() == 1U && !results[0].error && results[0].events == 2U));
  pass(10s);
  end();
  BOOST_TEST((reporter->statistics() == reporter_statistics{.reports = 2, .delivered = 2}));
}

BOOST_AUTO_TEST_CASE(report_when_first_delay_and_deadline_then_those)
{
  make({.interval = 10s, .first_delay = 0s, .deadline = 3s});
  begin();
  pass(0s);
  BOOST_TEST_REQUIRE(transport->waiting.size() == 1U);
  BOOST_TEST((transport->waiting[0].options.deadline == 3s));
  end();
  pass(9'999ms);
  BOOST_TEST(transport->waiting.empty());
  pass(1ms);
  BOOST_TEST(transport->waiting.size() == 1U);
}

BOOST_AUTO_TEST_CASE(report_when_one_is_under_way_then_they_do_not_overlap_and_missed_are_counted)
{
  begin();
  pass(10s);
  pass(35s);
  BOOST_TEST(transport->waiting.size() == 1U);
  end();
  BOOST_TEST(transport->waiting.empty());
  BOOST_TEST(reporter->statistics().missed == 3U);
  pass(4'999ms);
  BOOST_TEST(transport->waiting.empty());
  pass(1ms);
  BOOST_TEST(transport->waiting.size() == 1U);
  end();
  BOOST_TEST(reporter->statistics().missed == 3U);
}

/// It belongs to none of the new times.
BOOST_AUTO_TEST_CASE(report_when_it_outlasts_a_stop_and_a_start_then_all_times_meanwhile_are_missed)
{
  begin();
  pass(10s);
  stopped s;
  stop(s, 1s);
  pass(1s);
  BOOST_TEST(reporter->start());
  pass(25s);
  end();
  BOOST_TEST(reporter->statistics().missed == 2U);
  pass(5s);
  BOOST_TEST(transport->waiting.size() == 1U);
  end();
  BOOST_TEST(reporter->statistics().missed == 2U);
}

BOOST_AUTO_TEST_CASE(report_when_it_fails_then_counted_told_and_the_next_goes_on)
{
  begin();
  pass(10s);
  end(errc::rejected, response::failure("the server's words"));
  BOOST_TEST((results.at(0).error == errc::rejected));
  BOOST_TEST(texts.at(0) == "the server's words");
  pass(10s);
  transport->waiting.at(0);
  end();
  transport->out_of_memory = true;
  pass(10s);
  BOOST_TEST((results.at(2).error == errc::overloaded));
  transport->out_of_memory = false;
  pass(10s);
  end();
  BOOST_TEST(
      (reporter->statistics() == reporter_statistics{.reports = 4, .delivered = 2, .failed = 2}));
}

BOOST_AUTO_TEST_CASE(report_when_there_is_no_memory_for_the_next_alarm_then_the_next_is_made)
{
  begin();
  pass(10s);
  clock->no_memory = 2;
  end();
  BOOST_TEST(clock->no_memory == 0);
  pass(10s);
  BOOST_TEST_REQUIRE(transport->waiting.size() == 1U);
  end();
  BOOST_TEST((reporter->statistics() == reporter_statistics{.reports = 2, .delivered = 2}));
}

BOOST_AUTO_TEST_CASE(
    start_when_there_is_no_memory_for_the_alarm_then_throws_and_may_be_called_again)
{
  reporter->add_counter("n", {});
  clock->no_memory = 1;
  BOOST_CHECK_THROW(reporter->start(), std::bad_alloc);
  pass(20s);
  BOOST_TEST(transport->waiting.empty());
  BOOST_TEST(reporter->start());
  pass(10s);
  BOOST_TEST(transport->waiting.size() == 1U);
}

BOOST_AUTO_TEST_CASE(stop_when_there_is_no_memory_for_its_deadline_then_it_is_tried_again)
{
  begin();
  pass(10s);
  clock->no_memory = 1;
  stopped s;
  stop(s, 1s);
  pass(999ms);
  BOOST_TEST(s.calls == 0);
  pass(1ms);
  BOOST_TEST((s.calls == 1 && *s.error == errc::drain_timeout));
}

BOOST_AUTO_TEST_CASE(report_when_there_is_nothing_to_say_then_none)
{
  reporter->add_gauge("unset", {});
  BOOST_TEST(reporter->start());
  pass(30s);
  BOOST_TEST(transport->waiting.empty());
  BOOST_TEST((reporter->statistics() == reporter_statistics{}));
}

BOOST_AUTO_TEST_CASE(report_when_too_long_for_a_message_then_in_halves)
{
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    reporter->add_counter(name, {});
  }
  BOOST_TEST(reporter->start());
  pass(10s);
  end(errc::message_too_large); // 5 of them
  BOOST_TEST(transport->waiting.at(0).content.event_count() == 2U);
  end();
  end(errc::message_too_large); // 3
  BOOST_TEST(transport->waiting.at(0).content.event_count() == 1U);
  end(errc::message_too_large, response::failure("alone, too"));
  BOOST_TEST(transport->waiting.at(0).content.event_count() == 2U);
  end();
  BOOST_TEST((results.at(0).error == errc::message_too_large));
  BOOST_TEST(texts.at(0) == "alone, too");
  BOOST_TEST(
      (reporter->statistics() == reporter_statistics{.reports = 1, .failed = 1, .splits = 2}));
}

BOOST_AUTO_TEST_CASE(callback_when_it_throws_then_counted_and_the_rest_is_reported)
{
  reporter->add_callback("bad", []() -> metric { throw std::runtime_error{"no"}; }, {});
  reporter->add_source([](std::vector<event>&) { throw 7; });
  begin();
  pass(10s);
  BOOST_TEST(transport->waiting.at(0).content.event_count() == 1U);
  end();
  BOOST_TEST(reporter->statistics().callbacks_failed == 2U);
  BOOST_TEST(reporter->statistics().delivered == 1U);
}

BOOST_AUTO_TEST_CASE(callback_when_it_uses_the_reporter_then_it_may)
{
  reporter->add_callback("self",
                         [&] {
                           reporter->add_counter("born in a report", {}).add(2);
                           reporter->remove("self");
                           return reporter->start() ? 1 : 0;
                         },
                         {});
  begin();
  pass(10s);
  BOOST_TEST(transport->waiting.at(0).content.event_count() == 2U);
  end();
  pass(10s);
  const auto events = transport->waiting.at(0).content.to_events();
  BOOST_TEST(events.size() == 2U);
  BOOST_TEST(*events.back().service == "born in a report");
  end();
}

BOOST_AUTO_TEST_CASE(on_report_when_it_throws_then_out_of_run_and_the_next_goes_on)
{
  begin();
  on_report = [] { throw std::runtime_error{"from on_report"}; };
  pass(10s);
  transport->end();
  BOOST_CHECK_THROW(settle(), std::runtime_error);
  on_report = {};
  pass(10s);
  end();
  BOOST_TEST(results.size() == 2U);
}

BOOST_AUTO_TEST_CASE(on_report_when_it_destroys_the_reporter_then_nothing_follows)
{
  begin();
  pass(10s);
  on_report = [&] {
    reporter->close();
    reporter.reset();
  };
  end();
  pass(100s);
  BOOST_TEST(results.size() == 1U);
  BOOST_TEST(transport->waiting.empty());
  BOOST_TEST(clock->sleeper == nullptr);
}

BOOST_AUTO_TEST_CASE(stop_when_between_reports_then_at_once)
{
  begin();
  pass(15s);
  end();
  stopped s;
  stop(s);
  BOOST_TEST((s.calls == 1 && !*s.error));
  BOOST_TEST(clock->sleeper == nullptr);
  pass(100s);
  BOOST_TEST(transport->waiting.empty());
}

BOOST_AUTO_TEST_CASE(stop_when_last_report_then_once_more_and_its_error)
{
  make({.interval = 10s});
  begin();
  stopped s;
  stop(s);
  BOOST_TEST(s.calls == 0);
  BOOST_TEST(transport->waiting.size() == 1U);
  end(errc::rejected);
  BOOST_TEST((s.calls == 1 && *s.error == errc::rejected));
  BOOST_TEST(clock->sleeper == nullptr);
  BOOST_TEST((reporter->statistics() == reporter_statistics{.reports = 1, .failed = 1}));
}

BOOST_AUTO_TEST_CASE(stop_when_a_report_is_under_way_then_waits_for_it_and_the_last)
{
  make({.interval = 10s});
  begin();
  pass(10s);
  stopped first;
  stopped second;
  stop(first);
  stop(second);
  end(errc::rejected);
  BOOST_TEST(first.calls + second.calls == 0);
  BOOST_TEST(transport->waiting.size() == 1U);
  end();
  BOOST_TEST((first.calls == 1 && !*first.error));
  BOOST_TEST((second.calls == 1 && !*second.error));
  BOOST_TEST(results.size() == 2U);
}

BOOST_AUTO_TEST_CASE(stop_when_the_sooner_deadline_passes_then_all_are_told_and_it_may_begin_anew)
{
  begin();
  pass(10s);
  stopped first;
  stopped second;
  stop(first, 5s);
  stop(second, 1s);
  BOOST_TEST(!reporter->start());
  pass(999ms);
  BOOST_TEST(first.calls + second.calls == 0);
  pass(1ms);
  BOOST_TEST((first.calls == 1 && *first.error == errc::drain_timeout));
  BOOST_TEST((second.calls == 1 && *second.error == errc::drain_timeout));
  BOOST_TEST(clock->sleeper == nullptr);
  stopped third;
  stop(third);
  BOOST_TEST((third.calls == 1 && !*third.error));
  BOOST_TEST(reporter->start());
  pass(50s); // the old one is under way
  BOOST_TEST(transport->waiting.size() == 1U);
  end();
  pass(10s);
  BOOST_TEST(transport->waiting.size() == 1U);
  end();
  BOOST_TEST(results.size() == 2U);
}

BOOST_AUTO_TEST_CASE(stop_when_abandoned_and_not_begun_anew_then_its_end_begins_nothing)
{
  begin();
  pass(10s);
  stopped s;
  stop(s, 1s);
  pass(1s);
  end();
  pass(100s);
  BOOST_TEST(transport->waiting.empty());
  BOOST_TEST(results.size() == 1U);
  BOOST_TEST(reporter->start());
  pass(10s);
  BOOST_TEST(transport->waiting.size() == 1U);
}

BOOST_AUTO_TEST_CASE(stop_when_longest_deadline_then_no_overflow)
{
  begin();
  pass(10s);
  stopped s;
  reporter->stop(core::time_point::duration::max(),
                 {[&s](boost::system::error_code e) { s.error = e; }, reporter->executor()}, 0);
  pass(1h);
  BOOST_TEST(!s.error);
  end();
  BOOST_TEST((s.error && !*s.error));
}

BOOST_AUTO_TEST_CASE(stop_when_cancelled_then_the_waiter_alone_is_told)
{
  begin();
  pass(10s);
  stopped cancelled;
  stopped waits;
  stop(cancelled, 5s, 7);
  stop(waits, 5s, 8);
  reporter->cancel_operation(7, true);
  settle();
  BOOST_TEST(cancelled.calls == 0);
  reporter->cancel_operation(7, false);
  reporter->cancel_operation(99, false);
  settle();
  BOOST_TEST((cancelled.calls == 1 && *cancelled.error == boost::asio::error::operation_aborted));
  BOOST_TEST(waits.calls == 0);
  end();
  BOOST_TEST((waits.calls == 1 && !*waits.error));
  BOOST_TEST(cancelled.calls == 1);
}

BOOST_AUTO_TEST_CASE(close_when_a_report_and_a_stop_wait_then_aborted_and_nothing_more)
{
  begin();
  pass(10s);
  stopped s;
  stop(s);
  reporter->close();
  settle();
  BOOST_TEST((s.calls == 1 && *s.error == boost::asio::error::operation_aborted));
  end();
  BOOST_TEST(results.empty());
  stopped late;
  stop(late);
  BOOST_TEST((*late.error == boost::asio::error::operation_aborted));
  BOOST_TEST(!reporter->start());
}

BOOST_AUTO_TEST_CASE(options_when_bad_then_refused_by_name)
{
  const auto says = [](const reporter_options& options, const std::string& what) {
    const std::string text = complaint(options);
    BOOST_TEST(text.find(what) != std::string::npos, "'" << text << "' lacks '" << what << "'");
  };
  BOOST_TEST(complaint({}) == "");
  BOOST_TEST(complaint({.first_delay = 0s}) == "");
  says({.interval = 0s}, "interval is 0 ms");
  says({.interval = -1s}, "interval is -1000 ms");
  says({.interval = std::chrono::milliseconds::max()}, "interval is 9223372036854775807 ms");
  says({.first_delay = -1ms}, "first_delay is -1 ms");
  says({.deadline = 0ms}, "deadline is 0 ms");
  says({.host = ""}, "host is empty");
  says({.tags = {"a", ""}}, "tags[1] is empty");
  says({.attributes = {{"", "x"}}}, "attributes[0].key is empty");
  says({.attributes = {{"a", "x"}, {"ttl", "x"}}}, "attributes[1].key is \"ttl\"");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
