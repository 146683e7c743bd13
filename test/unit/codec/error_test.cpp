#include <riemann/error.hpp>
#include <riemann/outcome.hpp>

#include <boost/system/errc.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace riemann;
namespace generic = boost::system::errc;

struct expectation {
  outcome result;
  generic::errc_t condition;
};

/// By a switch without a default: a new `errc` does not compile until it is
/// here.
expectation expected_of(errc e)
{
  constexpr auto none = generic::success;
  switch (e) {
  case errc::rejected:
    return {outcome::rejected, none};
  case errc::cancelled:
    return {outcome::not_sent, generic::operation_canceled};
  case errc::expired:
  case errc::connect_timeout:
  case errc::handshake_timeout:
    return {outcome::not_sent, generic::timed_out};
  case errc::overloaded:
  case errc::dropped:
  case errc::message_too_large:
  case errc::connect_failed:
  case errc::handshake_failed:
  case errc::not_written:
  case errc::disconnected:
  case errc::not_supported:
    return {outcome::not_sent, none};
  case errc::abandoned:
    return {outcome::unknown, generic::operation_canceled};
  case errc::deadline_exceeded:
  case errc::answer_timeout:
  case errc::write_timeout:
  case errc::drain_timeout:
    return {outcome::unknown, generic::timed_out};
  case errc::connection_lost:
  case errc::tls_failed:
  case errc::malformed_answer:
  case errc::answer_too_large:
  case errc::unexpected_events:
  case errc::surplus_answer:
  case errc::frame_too_large:
    return {outcome::unknown, none};
  }
  BOOST_FAIL("not an errc");
  return {};
}

const std::string& unknown_text()
{
  static const std::string text = error_category().message(0);
  return text;
}

/// The codes are numbered from 1 on without a gap.
std::vector<errc> every_errc()
{
  std::vector<errc> all;
  for (int i = 1; error_category().message(i) != unknown_text(); ++i) {
    all.push_back(static_cast<errc>(i));
  }
  return all;
}

constexpr outcome every_outcome[] = {outcome::acked, outcome::sent, outcome::rejected,
                                     outcome::not_sent, outcome::unknown};

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(errc_each_equals_its_outcome_and_no_other)
{
  BOOST_TEST(every_errc().size() == 25U);
  for (const errc e : every_errc()) {
    const boost::system::error_code ec = e;
    BOOST_TEST_CONTEXT(ec.message())
    {
      BOOST_TEST((outcome_of(ec) == expected_of(e).result));
      for (const outcome o : every_outcome) {
        BOOST_TEST((ec == o) == (o == expected_of(e).result));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(errc_of_cancelling_and_of_time_equals_the_generic_condition)
{
  for (const errc e : every_errc()) {
    const boost::system::error_code ec = e;
    BOOST_TEST_CONTEXT(ec.message())
    {
      const auto condition = expected_of(e).condition;
      BOOST_TEST((ec == generic::operation_canceled) == (condition == generic::operation_canceled));
      BOOST_TEST((ec == generic::timed_out) == (condition == generic::timed_out));
    }
  }
}

BOOST_AUTO_TEST_CASE(errc_each_has_a_sentence_of_its_own)
{
  std::set<std::string> seen;
  for (const errc e : every_errc()) {
    const boost::system::error_code ec = e;
    char buffer[8];
    BOOST_TEST(ec.failed());
    BOOST_TEST(ec.message().back() == '.');
    BOOST_TEST(ec.message() == ec.category().message(ec.value(), buffer, sizeof buffer));
    BOOST_TEST(seen.insert(ec.message()).second);
  }
}

BOOST_AUTO_TEST_CASE(categories_carry_their_names)
{
  BOOST_TEST(error_category().name() == std::string{"riemann"});
  BOOST_TEST(outcome_category().name() == std::string{"riemann.outcome"});
}

BOOST_AUTO_TEST_CASE(outcome_of_what_is_not_ours_is_acked_or_unknown)
{
  const boost::system::error_code reset = generic::make_error_code(generic::connection_reset);
  BOOST_TEST((outcome_of({}) == outcome::acked));
  BOOST_TEST((boost::system::error_code{} == outcome::acked));
  BOOST_TEST((boost::system::error_code{} != outcome::sent));
  BOOST_TEST((outcome_of(reset) == outcome::unknown));
  BOOST_TEST((reset == outcome::unknown));
  BOOST_TEST((reset != outcome::not_sent));
  BOOST_TEST((outcome_of({999, error_category()}) == outcome::unknown));
}

BOOST_AUTO_TEST_CASE(outcome_each_has_a_word_and_a_sentence)
{
  const std::string_view words[] = {"acked", "sent", "rejected", "not_sent", "unknown"};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < 5; ++i) {
    BOOST_TEST(to_string(every_outcome[i]) == words[i]);
    BOOST_TEST(seen.insert(make_error_condition(every_outcome[i]).message()).second);
  }
}

BOOST_AUTO_TEST_CASE(server_error_thrown_holds_the_servers_text)
{
  const server_error error{"no viable alternative at input '<EOF>'"};
  BOOST_TEST(std::string{error.what()}.find("no viable alternative") != std::string::npos);
  BOOST_TEST((error.code() == errc::rejected));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
