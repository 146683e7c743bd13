#include "reference.hpp"

#include <riemann/error.hpp>
#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using test::to_bytes;
using test::to_hex;
using test::to_text;

static_assert(std::ranges::forward_range<event_range>);
static_assert(std::ranges::forward_range<tag_range>);
static_assert(std::ranges::forward_range<attribute_range>);
template <class R>
concept has_events = requires { std::declval<R>().events(); };
static_assert(has_events<const response&> && !has_events<response>);

response parse(const std::string& body)
{
  auto result = response::parse(to_bytes(body));
  BOOST_REQUIRE(result.has_value());
  return *result;
}

/// Protobuf and the library must say the same; whether they accept it is
/// returned.
bool accepted(const std::string& body)
{
  const auto verdict = test::judge(body);
  BOOST_TEST(verdict.disagreement.empty(), verdict.disagreement << ": " << to_hex(body));
  return verdict.accepted;
}

std::string tagged(char tag, const std::string& inside)
{
  BOOST_REQUIRE(inside.size() < 16'384);
  const auto size = inside.size();
  return tag + std::string{static_cast<char>(size | 0x80), static_cast<char>(size >> 7)} + inside;
}

std::string groups(int depth)
{
  const auto n = static_cast<std::size_t>(depth);
  return std::string(n, '\x0b') + std::string(n, '\x0c'); // field 1, unknown to Msg as such
}

constexpr char query_tag = 0x2a;
constexpr char events_tag = 0x32;
constexpr char attributes_tag = 0x4a;

proto::Msg good_answer()
{
  proto::Msg msg;
  msg.set_ok(true);
  msg.set_error("text");
  msg.add_states()->set_host("old");
  msg.mutable_query()->set_string("true");
  for (const event& e : {event{.host = "h",
                        .service = "s",
                        .metric = 1 << 20,
                        .tags = {"t", "", "t"},
                        .ttl = ttl_duration{60},
                        .time = timestamp::from_micros(1'700'000'000'123'456),
                        .attributes = {{"k", "v"}, {""}}},
                         event{.metric = 0.5}, event{}}) {
    *msg.add_events() = test::reference_event(e);
  }
  return msg;
}

BOOST_AUTO_TEST_SUITE(responses)

BOOST_AUTO_TEST_CASE(response_to_the_plain_acknowledgement_is_ok_and_holds_nothing)
{
  for (const response& r : {response{}, parse("\x10\x01")}) {
    BOOST_TEST(r.ok());
    BOOST_TEST(r.text().empty());
    BOOST_TEST(r.event_count() == 0U);
    BOOST_TEST(r.events().empty());
    BOOST_TEST(r.bytes().empty());
    BOOST_TEST(to_hex(r.to_proto().SerializeAsString()) == "1001");
  }
}

BOOST_AUTO_TEST_CASE(response_without_ok_is_not_ok)
{
  BOOST_TEST(!parse("").ok());
  BOOST_TEST(parse("").to_proto().SerializeAsString().empty());
  BOOST_TEST(!parse("\x1a\x01x").ok());
  BOOST_TEST(parse("\x1a\x01x").text() == "x");
}

BOOST_AUTO_TEST_CASE(response_of_a_rejection_carries_the_servers_text)
{
  const response r = parse({"\x10\x00\x1a\x05wrong", 9});
  BOOST_TEST(!r.ok());
  BOOST_TEST(r.text() == "wrong");
  BOOST_TEST(to_text(r.bytes()) == (std::string{"\x10\x00\x1a\x05wrong", 9}));
}

BOOST_AUTO_TEST_CASE(response_of_a_failure_carries_our_own_reason)
{
  for (const std::string reason : {"short", "a reason that no string keeps inside itself", ""}) {
    const response r = response::failure(reason);
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): copying is what is tested
    const response copy = r;
    BOOST_TEST(!copy.ok());
    BOOST_TEST(copy.text() == reason);
    BOOST_TEST(copy.bytes().empty());
    BOOST_TEST(copy.to_events().empty());
    BOOST_TEST(copy.to_proto().error() == reason);
    BOOST_TEST(!copy.to_proto().ok());
  }
}

BOOST_AUTO_TEST_CASE(response_where_nobody_answers_is_ok_and_empty_and_no_answer)
{
  const response nobodys = response::unanswered();
  for (const response& r : {nobodys, response{nobodys}}) {
    BOOST_TEST(r.ok());
    BOOST_TEST(!r.answered());
    BOOST_TEST(r.text().empty());
    BOOST_TEST(r.bytes().empty());
    BOOST_TEST(r.event_count() == 0U);
    BOOST_TEST(r.to_proto().ok());
  }
  BOOST_TEST(response{}.answered());
  BOOST_TEST(parse("\x10\x01").answered());
  BOOST_TEST(parse("\x1a\x01x").answered());
  BOOST_TEST(!response::failure("x").answered());
}

BOOST_AUTO_TEST_CASE(response_copied_shares_bytes_that_outlive_the_original)
{
  std::optional<response> original = parse(good_answer().SerializeAsString());
  const response copy = *original;
  const event_view view = *original->events().begin();
  BOOST_TEST(copy.bytes().data() == original->bytes().data());
  original.reset();
  BOOST_TEST((view.service() == "s"));
  BOOST_TEST(copy.text() == "text");
}

BOOST_AUTO_TEST_CASE(views_give_every_field_as_it_lies_there)
{
  const response r = parse(good_answer().SerializeAsString());
  BOOST_TEST(r.event_count() == 3U);
  BOOST_TEST(std::ranges::distance(r.events()) == 3);
  auto it = r.events().begin();
  const event_view first = *it++;
  BOOST_TEST((first.host() == "h"));
  BOOST_TEST(!first.state().has_value());
  BOOST_TEST((first.metric() == metric{1 << 20}));
  BOOST_TEST((first.ttl() == ttl_duration{60}));
  BOOST_TEST((first.time() == timestamp::from_micros(1'700'000'000'123'456)));
  const std::vector<std::string_view> tags{first.tags().begin(),
                                           std::ranges::next(first.tags().begin(), 3)};
  BOOST_TEST((tags == std::vector<std::string_view>{"t", "", "t"}));
  const attribute_view attribute = *first.attributes().begin();
  BOOST_TEST((attribute == attribute_view{"k", "v"}));
  BOOST_TEST((*std::ranges::next(first.attributes().begin()) == attribute_view{""}));
  BOOST_TEST((it != r.events().begin()));
  BOOST_TEST((*++it).bytes().empty());
  BOOST_TEST((++it == r.events().end()));
}

BOOST_AUTO_TEST_CASE(metric_of_several_kinds_is_read_as_sint64_then_double_then_float)
{
  proto::Msg msg;
  proto::Event& e = *msg.add_events();
  const auto metric_read = [&] {
    const response r = parse(msg.SerializeAsString());
    return (*r.events().begin()).metric();
  };
  BOOST_TEST(!metric_read().has_value());
  e.set_metric_f(1.5F);
  BOOST_TEST((metric_read() == metric{1.5F}));
  e.set_metric_d(2.5);
  BOOST_TEST((metric_read() == metric{2.5}));
  e.set_metric_sint64(-3);
  BOOST_TEST((metric_read() == metric{-3}));
}

BOOST_AUTO_TEST_CASE(time_in_micros_wins_over_time_in_seconds)
{
  proto::Msg msg;
  msg.add_events()->set_time(7);
  BOOST_TEST((parse(msg.SerializeAsString()).to_events()[0].time == timestamp::from_seconds(7)));
  msg.mutable_events(0)->set_time_micros(-1);
  BOOST_TEST((parse(msg.SerializeAsString()).to_events()[0].time == timestamp::from_micros(-1)));
}

BOOST_AUTO_TEST_CASE(fields_given_twice_are_read_as_protobuf_reads_them)
{
  BOOST_TEST(accepted({"\x10\x00\x10\x01", 4}));
  BOOST_TEST((parse({"\x10\x00\x10\x01", 4}).ok()));
  BOOST_TEST(accepted("\x1a\x01y\x1a\x01z"));
  BOOST_TEST(parse("\x1a\x01y\x1a\x01z").text() == "z");
  const std::string body = tagged(query_tag, "\x0a\x01p") + tagged(query_tag, "\x28\x01");
  BOOST_TEST(accepted(body));
  BOOST_TEST(parse(body).to_proto().query().string() == "p");
  BOOST_TEST(accepted(tagged(events_tag, "\x22\x01p\x22\x01q\x70\x01")));
}

BOOST_AUTO_TEST_CASE(answer_cut_off_anywhere_is_judged_as_protobuf_does)
{
  const std::string body = good_answer().SerializeAsString();
  std::size_t refused = 0;
  for (std::size_t length = 0; length <= body.size(); ++length) {
    refused += accepted(body.substr(0, length)) ? 0 : 1;
  }
  // Only between two fields of the outermost message is a cut unseen: there are
  // seven, and the two ends.
  BOOST_TEST(refused == body.size() + 1 - 8);
}

BOOST_AUTO_TEST_CASE(answer_that_is_no_message_is_malformed)
{
  const auto result = response::parse(to_bytes("HTTP/1.1 400 Bad Request"));
  BOOST_TEST(result.has_error());
  BOOST_TEST((result.error() == errc::malformed_answer));
}

BOOST_AUTO_TEST_CASE(attribute_without_a_key_is_malformed)
{
  BOOST_TEST(accepted(tagged(events_tag, tagged(attributes_tag, {"\x0a\x00", 2}))));
  BOOST_TEST(!accepted(tagged(events_tag, tagged(attributes_tag, ""))));
  BOOST_TEST(!accepted(tagged(events_tag, tagged(attributes_tag, "\x12\x01v"))));
  // A key of another wire type is an unknown field, and no key.
  BOOST_TEST(!accepted(tagged(events_tag, tagged(attributes_tag, "\x08\x01"))));
}

BOOST_AUTO_TEST_CASE(varints_are_taken_up_to_ten_bytes_tags_and_lengths_up_to_five)
{
  const auto padded = [](char value, std::size_t bytes) {
    return static_cast<char>(value | 0x80) + std::string(bytes - 2, '\x80') + '\0';
  };
  BOOST_TEST(accepted('\x10' + padded(1, 10)));
  BOOST_TEST(!accepted('\x10' + padded(1, 11)));
  BOOST_TEST(accepted('\x10' + std::string(9, '\x80') + '\x7f'));
  BOOST_TEST(accepted('\x10' + std::string(9, '\x80') + '\x02')); // beyond 64 bits: dropped
  BOOST_TEST(accepted(padded(0x10, 5) + '\x01'));
  BOOST_TEST(!accepted(padded(0x10, 6) + '\x01'));
  BOOST_TEST(accepted("\x90\x80\x80\x80\x70\x01")); // beyond 32 bits: dropped
  BOOST_TEST(accepted('\x1a' + padded(1, 5) + 'x'));
  BOOST_TEST(!accepted('\x1a' + padded(1, 6) + 'x'));
  BOOST_TEST(!accepted("\x1a\xff\xff\xff\xff\x07x"));
  BOOST_TEST(!accepted("\x1a\xff\xff\xff\xff\x0fx"));
}

BOOST_AUTO_TEST_CASE(tags_that_are_none_are_malformed)
{
  BOOST_TEST(!accepted(std::string(1, '\0')));
  BOOST_TEST(!accepted({"\x10\x01\x00", 3}));
  for (char wire = 1; wire < 8; ++wire) {
    BOOST_TEST(!accepted(wire + std::string(10, '\0'))); // field number 0
  }
  BOOST_TEST(!accepted("\x0e\x01"));
  BOOST_TEST(!accepted("\x0f\x01"));
}

BOOST_AUTO_TEST_CASE(groups_are_skipped_if_they_close_and_nest_no_deeper_than_protobuf_allows)
{
  BOOST_TEST(accepted("\x0b\x10\x05\x0c"));
  BOOST_TEST(!accepted("\x0b\x10\x05"));
  BOOST_TEST(!accepted("\x0b\x14")); // closed by another number
  BOOST_TEST(!accepted("\x0c"));
  BOOST_TEST(!accepted(tagged(events_tag, "\x0b") + "\x0c")); // not across messages
  BOOST_TEST(accepted(groups(100)));
  BOOST_TEST(!accepted(groups(101)));
  BOOST_TEST(accepted(tagged(events_tag, groups(99))));
  BOOST_TEST(!accepted(tagged(events_tag, groups(100))));
  BOOST_TEST(accepted(tagged(query_tag, groups(99))));
  BOOST_TEST(!accepted(tagged(query_tag, groups(100))));
  const std::string key = {"\x0a\x00", 2};
  BOOST_TEST(accepted(tagged(events_tag, tagged(attributes_tag, key + groups(98)))));
  BOOST_TEST(!accepted(tagged(events_tag, tagged(attributes_tag, key + groups(99)))));
}

BOOST_AUTO_TEST_CASE(known_fields_of_another_wire_type_are_skipped)
{
  BOOST_TEST(accepted(std::string{"\x12\x01x"} + "\x30\x05" + "\x33\x34"));
  const std::string body = tagged(events_tag, "\x0a\x01x"
                                              "\x38\x05"
                                              "\x48\x05"
                                              "\x20\x01");
  BOOST_TEST(accepted(body));
  BOOST_TEST((parse(body).to_events()[0] == event{}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
