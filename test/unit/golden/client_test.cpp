// What a real Riemann answered is given to the client's core, and becomes the response,
// the error and the outcome that it is.

#include "../core/datagrams.hpp"
#include "client_replay.hpp"

#include <riemann/options.hpp>
#include <riemann/outcome.hpp>
#include <riemann/proto.hpp>

#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::golden;
using test::error_code;
using test::is;

/// Assertions of this case, so far.
std::size_t failed()
{
  namespace ut = boost::unit_test;
  return ut::results_collector.results(ut::framework::current_test_case_id())
      .p_assertions_failed.get();
}

/// Those that a client's core can be told the end of.
std::vector<const transcript*> of_transport(std::string_view transport)
{
  std::vector<const transcript*> all;
  for (const auto& t : transcripts()) {
    if (t.transport == transport && stage_for_client(t) == stage::core) {
      all.push_back(&t);
    }
  }
  return all;
}

std::string play_all(std::size_t piece)
{
  std::size_t played = 0;
  std::size_t agreed = 0;
  for (const auto* const t : of_transport("tcp")) {
    if (conduct_of(*t) == conduct::keeps_micros) {
      continue; // no bytes were noted: see below
    }
    const auto failed_before = failed();
    BOOST_TEST_CONTEXT(t->name)
    {
      client_replay{*t, piece}.play();
      if (conduct_of(*t) == conduct::closes_half_closed) {
        client_replay{*t, piece}.play_unanswered();
      }
    }
    ++played;
    agreed += failed() == failed_before ? 1U : 0U;
  }
  return std::to_string(agreed) + " of " + std::to_string(played);
}

core::datagram_options datagrams_up_to(std::size_t size)
{
  session_options o;
  o.max_message_size = size;
  return {o};
}

/// What the client makes of a recorded datagram, with this maximum.
void check_datagram(const transcript& t, std::size_t limit)
{
  // What is no message is one of the same length here.
  proto::Msg asked;
  message m;
  const auto& body = t.request;
  if (asked.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    m = message{asked};
    BOOST_TEST(std::ranges::equal(m.body(), body));
  } else {
    m = message{{.description = std::string(body.size() - 8, 'x')}};
    BOOST_TEST(m.size() == body.size());
  }
  const bool asks = m.has_query();
  test::open_datagrams net{datagrams_up_to(limit)};
  const auto& r = net.send(std::move(m));
  if (asks || body.size() > limit) {
    BOOST_TEST(!net.writing);
    BOOST_TEST(is(r, asks ? errc::not_supported : errc::message_too_large));
    BOOST_TEST((r.error == outcome::not_sent));
    return;
  }
  BOOST_REQUIRE(net.writing);
  BOOST_TEST(std::ranges::equal(*net.writing, body));
  net.wrote();
  BOOST_TEST(is(r, {}));
  BOOST_TEST(net.books().messages.sent == 1U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_client)

BOOST_AUTO_TEST_CASE(answers_of_the_records_are_given_to_whom_they_belong)
{
  std::cout << "golden: records, the client: " << play_all(as_they_fit) << "\n";
}

BOOST_AUTO_TEST_CASE(answers_that_come_byte_by_byte_are_the_same)
{
  play_all(1);
}

BOOST_AUTO_TEST_CASE(answer_with_microseconds_is_read_to_the_microsecond)
{
  for (const auto& t : transcripts()) {
    if (conduct_of(t) == conduct::keeps_micros) {
      BOOST_TEST(t.line.at("offsets").as_object().at("0").as_int64() == 2'000);
      for (std::int64_t i = 0; i != 2'000; ++i) {
        const auto micros = 1'700'000'000'000'000 + i * 7'919;
        const message m{{.time = timestamp::from_micros(micros)}};
        test::bytes body = test::to_bytes("\x10\x01");
        body.insert(body.end(), m.body().begin(), m.body().end());
        const auto answer = response::parse(body).value();
        BOOST_TEST(((*answer.events().begin()).time() == timestamp::from_micros(micros)));
      }
    }
  }
}

// The frames that a server does not take are not taken by the client either.
BOOST_AUTO_TEST_CASE(frames_that_a_real_server_closed_at_end_the_connection_as_answers_too)
{
  std::size_t fed = 0;
  for (const auto* const t : of_transport("tcp")) {
    if (t->request.empty() || !messages_of(*t).empty()) {
      continue;
    }
    ++fed;
    BOOST_TEST_CONTEXT(t->name)
    {
      test::rig r{wide_limits()};
      r.open_up();
      const auto& sent = r.send();
      r.wrote();
      const bool whole = bodies_of(t->request).size() == 1;
      r.receive(t->request);
      const bool closed = conduct_of(*t) == conduct::closes;
      const auto why =
          closed ? (whole ? errc::malformed_answer : errc::answer_too_large) : errc::answer_timeout;
      BOOST_TEST(r.closing == closed);
      r.pass(r.options.answer_timeout);
      BOOST_TEST(is(sent, why));
      BOOST_TEST((sent.error == outcome::unknown));
      BOOST_TEST((r.books().last_failure == why));
    }
  }
  BOOST_TEST_MESSAGE(fed << " requests fed to the client as answers");
  BOOST_TEST(fed >= 15U);
}

BOOST_AUTO_TEST_CASE(lengths_over_the_clients_own_limits_are_refused_by_name)
{
  const auto& longest = transcript_named("frame_whole_65MiB");
  test::rig usual;
  usual.open_up();
  const auto& sent = usual.send(std::move(messages_of(longest).at(0)));
  BOOST_TEST(is(sent, errc::message_too_large));
  BOOST_TEST((sent.error == outcome::not_sent));

  const auto& answered = transcript_named("frame_16MiB_check");
  const auto size = answered.response.size() - 4;
  for (const auto limit : {size - 1, size}) {
    test::rig r{{.max_answer_size = limit}};
    r.open_up();
    const auto& query = r.send(std::move(messages_of(answered).at(0)));
    r.wrote();
    std::span<const std::byte> rest{answered.response};
    while (r.reading && !rest.empty()) {
      const auto n = std::min(rest.size(), r.reading->size());
      r.receive({rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(n)});
      rest = rest.subspan(n);
    }
    BOOST_TEST(is(query, limit < size ? error_code{errc::answer_too_large} : error_code{}));
    BOOST_TEST(rest.empty() == (limit == size));
  }
}

BOOST_AUTO_TEST_CASE(datagrams_of_the_records_are_sent_or_refused_by_their_length)
{
  for (const auto* const t : of_transport("udp")) {
    BOOST_TEST_CONTEXT(t->name)
    {
      check_datagram(*t, udp_options{}.max_datagram_size);
      // What a real server loses is sent where that is asked for.
      check_datagram(*t, udp_options::max_payload);
      const bool too_long = t->request.size() > udp_options{}.max_datagram_size;
      BOOST_TEST(too_long ==
                 (conduct_of(*t) == conduct::drops || conduct_of(*t) == conduct::is_not_reached ||
                  t->line.contains("second_indexed")));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
