// async_read_frame, over a connected pair of sockets.

#include "patience.hpp"

#include <riemann/read_frame.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t limit = std::size_t{8} << 20;

std::string frame(std::string_view body)
{
  std::string all;
  for (const int shift : {24, 16, 8, 0}) {
    all += static_cast<char>(body.size() >> shift);
  }
  return all.append(body);
}

std::string text(const std::vector<std::byte>& body)
{
  std::string all;
  for (const std::byte b : body) {
    all += static_cast<char>(b);
  }
  return all;
}

struct pair {
  pair() { asio::local::connect_pair(ours, theirs); }

  void write(std::string_view bytes) { asio::write(theirs, asio::buffer(bytes)); }
  /// Reads one frame by callback.
  void read(std::size_t at_most = limit)
  {
    calls = 0;
    async_read_frame(ours, at_most, [this](error_code e, std::vector<std::byte> b) {
      ++calls;
      error = e;
      body = text(b);
    });
  }

  watchdog dog{};
  asio::io_context context{};
  asio::local::stream_protocol::socket ours{context};
  asio::local::stream_protocol::socket theirs{context};
  int calls = 0;
  error_code error{};
  std::string body{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(read_frame, pair)

BOOST_AUTO_TEST_CASE(async_read_frame_completes_when_a_whole_frame_is_read)
{
  write(frame("first") + frame("") + frame("third"));
  for (const char* expected : {"first", "", "third"}) {
    read();
    BOOST_TEST(calls == 0);
    run(context);
    BOOST_TEST(calls == 1);
    BOOST_TEST(error == error_code{});
    BOOST_TEST(body == expected);
  }
}

BOOST_AUTO_TEST_CASE(frame_that_comes_byte_by_byte_is_put_together)
{
  read();
  for (const char b : frame("slow")) {
    BOOST_TEST(calls == 0);
    write({&b, 1});
    context.restart();
    context.poll();
  }
  run(context);
  BOOST_TEST(error == error_code{});
  BOOST_TEST(body == "slow");
}

BOOST_AUTO_TEST_CASE(long_frame_is_read_whole_and_not_a_byte_more)
{
  std::string long_body(std::size_t{5} << 20, 'x');
  long_body.back() = 'y';
  std::jthread writer{[&] { write(frame(long_body) + frame("next")); }};
  read();
  run(context);
  BOOST_TEST(error == error_code{});
  BOOST_TEST((body == long_body));
  read();
  run(context);
  BOOST_TEST(body == "next");
}

BOOST_AUTO_TEST_CASE(async_read_frame_outcomes_and_errors_are_too_large_over_the_limit)
{
  write(frame("12345") + frame("123456"));
  read(5);
  run(context);
  BOOST_TEST(error == error_code{});
  read(5);
  run(context);
  BOOST_TEST(error == errc::frame_too_large);
  BOOST_TEST(body.empty());
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(promised_length_of_gibibytes_takes_no_memory_until_it_comes)
{
  write({"\x7f\xff\xff\xfb", 4});
  write("ab");
  read(std::size_t{0x7FFFFFFB});
  context.poll();
  theirs.close();
  run(context);
  BOOST_TEST(error == asio::error::eof);
  BOOST_TEST(body.empty());
}

BOOST_AUTO_TEST_CASE(async_read_frame_outcomes_and_errors_are_eof_where_the_stream_ends)
{
  const std::string whole = frame("body");
  for (std::size_t sent = 0; sent != whole.size(); ++sent) {
    asio::local::stream_protocol::socket near{context};
    asio::local::stream_protocol::socket far{context};
    asio::local::connect_pair(near, far);
    asio::write(far, asio::buffer(whole.data(), sent));
    far.close();
    error_code ended;
    bool empty = false;
    async_read_frame(near, limit, [&](error_code e, const std::vector<std::byte>& b) {
      ended = e;
      empty = b.empty();
    });
    run(context);
    BOOST_TEST(ended == asio::error::eof);
    BOOST_TEST(empty);
  }
}

BOOST_AUTO_TEST_CASE(async_read_frame_handler_signature_gives_a_future_the_body_or_throws)
{
  write(frame("body"));
  auto first = async_read_frame(ours, limit, asio::use_future);
  run(context);
  BOOST_TEST(text(get(first)) == "body");
  theirs.close();
  auto second = async_read_frame(ours, limit, asio::use_future);
  run(context);
  BOOST_CHECK_EXCEPTION(get(second), boost::system::system_error,
                        [](const auto& e) { return e.code() == asio::error::eof; });
}

BOOST_AUTO_TEST_CASE(coroutine_reads_frames_by_either_token)
{
  write(frame("one") + frame("two"));
  run(context, [](auto& stream) -> asio::awaitable<void> {
    const auto one = co_await async_read_frame(stream, limit);
    BOOST_TEST(text(one) == "one");
    const auto two = co_await async_read_frame(stream, limit, asio::use_awaitable);
    BOOST_TEST(text(two) == "two");
  }(ours));
}

BOOST_AUTO_TEST_CASE(async_read_frame_cancellation_but_total_aborts_it_wherever_it_is)
{
  using asio::cancellation_type;
  for (const std::string_view begun : {std::string_view{}, std::string_view{"\0\0\0\5ab", 6}}) {
    for (const auto type :
         {cancellation_type::total, cancellation_type::partial, cancellation_type::terminal}) {
      asio::local::stream_protocol::socket near{context};
      asio::local::stream_protocol::socket far{context};
      asio::local::connect_pair(near, far);
      asio::write(far, asio::buffer(begun));
      asio::cancellation_signal signal;
      int ended = 0;
      error_code why;
      async_read_frame(near, limit,
                       asio::bind_cancellation_slot(
                           signal.slot(), [&](error_code e, const std::vector<std::byte>&) {
                             ++ended;
                             why = e;
                           }));
      context.restart();
      context.poll();
      signal.emit(type);
      context.restart();
      context.poll();
      BOOST_TEST(ended == (type == cancellation_type::total ? 0 : 1));
      far.close();
      run(context);
      const error_code eof = asio::error::eof;
      const error_code aborted = asio::error::operation_aborted;
      BOOST_TEST(why == (type == cancellation_type::total ? eof : aborted));
    }
  }
}

BOOST_AUTO_TEST_CASE(async_read_frame_threads_run_the_handler_on_its_executor)
{
  write(frame("one"));
  const auto strand = asio::make_strand(context);
  bool called = false;
  async_read_frame(ours, limit,
                   asio::bind_executor(strand, [&](error_code e, const std::vector<std::byte>&) {
                     BOOST_TEST(e == error_code{});
                     BOOST_TEST(strand.running_in_this_thread());
                     called = true;
                   }));
  BOOST_TEST(!called);
  run(context);
  BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(async_read_frame_lifetime_ends_with_the_context)
{
  auto mortal_context = std::make_unique<asio::io_context>();
  auto owned = std::make_shared<int>(1);
  {
    asio::local::stream_protocol::socket near{*mortal_context};
    asio::local::stream_protocol::socket far{*mortal_context};
    asio::local::connect_pair(near, far);
    async_read_frame(near, limit,
                     [owned](error_code, const std::vector<std::byte>&) { BOOST_ERROR("called"); });
    mortal_context->poll();
  }
  mortal_context.reset();
  BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
