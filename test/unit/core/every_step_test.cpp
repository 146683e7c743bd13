// One conversation, and everything that can go wrong at each of its steps.
#include "rig.hpp"

namespace riemann::test {

namespace {

struct step {
  const char* name;
  std::function<void(rig&)> run;
};

const std::vector<step>& conversation()
{
  static const std::vector<step> steps{
      {"connect", [](rig& r) { r.connect(); }},
      {"connected", [](rig& r) { r.connected(); }},
      {"send", [](rig& r) { r.send(); }},
      {"send behind a write", [](rig& r) { r.send(); }},
      {"written in part", [](rig& r) { r.wrote(3); }},
      {"written", [](rig& r) { r.wrote(); }},
      {"second written", [](rig& r) { r.wrote(); }},
      {"send with a deadline", [](rig& r) { r.send(named("s"), r.now + 50ms); }},
      {"answered before its write is known", [](rig& r) { r.receive(ack() + ack() + ack()); }},
      {"third written", [](rig& r) { r.wrote(); }},
      {"query", [](rig& r) { r.query(); }},
      {"send behind the query", [](rig& r) { r.send(); }},
      {"query written", [](rig& r) { r.wrote(); }},
      {"half an answer", [](rig& r) { r.receive(header(2)); }},
      {"the other half", [](rig& r) { r.receive(to_bytes("\x10\x01")); }},
      {"written behind the query", [](rig& r) { r.wrote(); }},
      {"drain", [](rig& r) { r.drain(500ms); }},
      {"last answer", [](rig& r) { r.receive(ack()); }},
      {"closed", [](rig& r) { r.closed(); }},
  };
  return steps;
}

session_options brisk()
{
  return {.connect_timeout = 100ms,
          .answer_timeout = 200ms,
          .write_timeout = 300ms,
          .max_queue_age = 400ms,
          .max_answer_size = 100};
}

std::function<void(rig&)> receiving(bytes what)
{
  return [what](rig& r) {
    if (r.reading && !r.closing) {
      r.receive(what);
    }
  };
}

std::function<void(rig&)> passing(std::chrono::milliseconds d)
{
  return [d](rig& r) { r.pass(d); };
}

void break_write(rig& r, std::size_t n)
{
  if (r.writing && !r.closing) {
    r.wrote(n, boost::asio::error::broken_pipe);
  }
}

std::vector<step> mishaps()
{
  std::vector<step> all{
      {"the connection ends", [](rig& r) { receiving({})(r); }},
      {"nothing is written", [](rig& r) { break_write(r, 0); }},
      {"two bytes are written", [](rig& r) { break_write(r, 2); }},
      {"cancel", [](rig& r) { r.cancel(); }},
      {"shut", [](rig& r) { r.shut(); }},
      {"drain at once", [](rig& r) { r.drain(0ms); }},
      {"drain", [](rig& r) { r.drain(); }},
      {"connect", [](rig& r) { r.connect(); }},
      {"no connection", [](rig& r) { r.connecting ? r.refused() : void(); }},
      {"malformed", receiving(malformed())},
      {"oversized", receiving(header(101))},
      {"somebody's events", receiving(found("x"))},
      {"a rejection", receiving(rejection("no"))},
      {"an answer too many", receiving(ack() + ack() + ack() + ack() + ack() + ack())},
  };
  all.front().run = [](rig& r) { r.reading && !r.closing ? r.eof() : void(); };
  for (const auto d : {1ms, 50ms, 100ms, 200ms, 300ms, 400ms, 500ms, 3'600'000ms}) {
    all.push_back({"time passes", passing(d)});
  }
  for (std::size_t i = 0; i < 5; ++i) {
    all.push_back({"one is given up", [i](rig& r) {
                     if (i < r.requests.size()) {
                       r.give_up(r.requests[i]);
                     }
                   }});
  }
  return all;
}

/// Everything goes as it may, but no answer comes.
void settle(rig& r)
{
  for (int i = 0; i < 100; ++i) {
    if (r.closing) {
      r.closed();
    } else if (r.connecting) {
      r.connected();
    } else if (r.writing) {
      r.wrote();
    } else if (const auto due = r.session.next_deadline(); due != never) {
      r.pass(std::chrono::duration_cast<std::chrono::microseconds>(due - r.now));
    } else {
      return;
    }
  }
  BOOST_ERROR("it does not come to rest");
}

void check_rest(const rig& r)
{
  BOOST_TEST(r.ended_count == r.requests.size());
  BOOST_TEST(r.books().messages.live() == 0u);
  BOOST_TEST(r.books().messages.submitted == r.requests.size());
  BOOST_TEST(r.books().tombstones == 0u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_step_test)

BOOST_AUTO_TEST_CASE(conversation_when_nothing_goes_wrong_then_everything_is_acked)
{
  rig r{brisk()};
  for (const step& s : conversation()) {
    s.run(r);
  }
  BOOST_TEST(r.books().messages.acked == 5u);
  BOOST_TEST((r.disconnects == std::vector<error_code>{error_code{}}));
  check_rest(r);
}

BOOST_AUTO_TEST_CASE(conversation_when_anything_goes_wrong_at_any_step_then_everything_ends_once)
{
  const auto wrong = mishaps();
  for (std::size_t k = 0; k <= conversation().size(); ++k) {
    for (const step& mishap : wrong) {
      const char* const before = k == 0 ? "nothing" : conversation()[k - 1].name;
      BOOST_TEST_CONTEXT(mishap.name << " after " << before)
      {
        rig r{brisk()};
        for (std::size_t i = 0; i < k; ++i) {
          conversation()[i].run(r);
        }
        mishap.run(r);
        settle(r);
        check_rest(r);
        if (!r.connects.empty() && r.connects.front() == error_code{}) {
          BOOST_TEST(r.books().connections_opened != 0u);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(conversation_when_two_things_go_wrong_then_everything_ends_once)
{
  const auto wrong = mishaps();
  for (std::size_t k = 0; k <= conversation().size(); ++k) {
    for (const step& first : wrong) {
      for (const step& second : wrong) {
        BOOST_TEST_CONTEXT(first.name << ", " << second.name << " at " << k)
        {
          rig r{brisk()};
          for (std::size_t i = 0; i < k; ++i) {
            conversation()[i].run(r);
          }
          first.run(r);
          second.run(r);
          settle(r);
          check_rest(r);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test
