#include <riemann/event.hpp>
#include <riemann/metric.hpp>
#include <riemann/timestamp.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace {

using namespace riemann;
using namespace std::chrono_literals;

template <class T>
void check_integer_kind()
{
  for (const T value : {T{0}, T{1}, std::numeric_limits<T>::min(), T{127}}) {
    const metric m{value};
    BOOST_TEST(m.is_integer());
    BOOST_TEST((m == metric{static_cast<std::int64_t>(value)}));
    BOOST_TEST(m.as_double() == static_cast<double>(value));
  }
}

static_assert(!metric_value<bool>);
static_assert(!metric_value<char> && !metric_value<wchar_t> && !metric_value<char8_t>);
static_assert(!metric_value<char16_t> && !metric_value<char32_t> && !metric_value<const char*>);
static_assert(metric{3} == metric{3L} && metric{3} != metric{3.0} && metric{3.0} != metric{3.0F});

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(metric_of_every_integer_type_is_an_integer)
{
  check_integer_kind<signed char>();
  check_integer_kind<unsigned char>();
  check_integer_kind<short>();
  check_integer_kind<unsigned short>();
  check_integer_kind<int>();
  check_integer_kind<unsigned>();
  check_integer_kind<long>();
  check_integer_kind<unsigned long>();
  check_integer_kind<long long>();
  check_integer_kind<unsigned long long>();
}

BOOST_AUTO_TEST_CASE(metric_of_floating_types_keeps_float_and_makes_the_rest_double)
{
  BOOST_TEST(metric{1.5F}.is_float());
  BOOST_TEST(metric{1.5}.is_double());
  BOOST_TEST(metric{1.5L}.is_double());
  BOOST_TEST((metric{1.5L} == metric{1.5}));
  BOOST_TEST(metric{0.1F}.as_double() == static_cast<double>(0.1F));
  BOOST_TEST(std::isnan(metric{std::numeric_limits<double>::quiet_NaN()}.as_double()));
}

BOOST_AUTO_TEST_CASE(metric_above_the_signed_range_becomes_the_nearest_double)
{
  constexpr std::uint64_t limit = INT64_MAX;
  BOOST_TEST(metric{limit}.is_integer());
  BOOST_TEST((metric{limit} == metric{INT64_MAX}));
  BOOST_TEST(metric{limit + 1}.is_double());
  BOOST_TEST(metric{limit + 1}.as_double() == 0x1p63);
  BOOST_TEST(metric{UINT64_MAX}.is_double());
  BOOST_TEST(metric{UINT64_MAX}.as_double() == 0x1p64);
}

BOOST_AUTO_TEST_CASE(timestamp_of_whole_seconds_has_no_micros)
{
  const std::chrono::sys_time<std::chrono::minutes> minutes{-3min};
  const std::chrono::sys_time<std::chrono::seconds> seconds{1'700'000'000s};
  BOOST_TEST(!timestamp{minutes}.has_micros());
  BOOST_TEST(timestamp{minutes}.seconds() == -180);
  BOOST_TEST(!timestamp{seconds}.has_micros());
  BOOST_TEST(timestamp{seconds}.seconds() == 1'700'000'000);
  BOOST_TEST(timestamp{seconds}.micros() == 1'700'000'000'000'000);
}

BOOST_AUTO_TEST_CASE(timestamp_of_finer_times_is_floored_to_micros_and_to_seconds)
{
  const auto at = [](auto since_epoch) {
    return timestamp{std::chrono::sys_time<decltype(since_epoch)>{since_epoch}};
  };
  BOOST_TEST(at(2ms).has_micros());
  BOOST_TEST(at(2ms).micros() == 2'000);
  BOOST_TEST(at(1'999ns).micros() == 1);
  BOOST_TEST(at(-1ns).micros() == -1);
  BOOST_TEST(at(-1ns).seconds() == -1);
  BOOST_TEST(at(-1'000'000us).seconds() == -1);
  BOOST_TEST(at(-1'000'001us).seconds() == -2);
  BOOST_TEST(at(-999'999us).seconds() == -1);
  BOOST_TEST(at(-1us).seconds() == -1);
  BOOST_TEST(at(999'999us).seconds() == 0);
  BOOST_TEST(timestamp{std::chrono::system_clock::now()}.has_micros());
}

BOOST_AUTO_TEST_CASE(timestamp_of_seconds_with_a_fraction_keeps_it)
{
  using seconds = std::chrono::duration<double>;
  using minutes = std::chrono::duration<float, std::ratio<60>>;
  BOOST_TEST((timestamp{std::chrono::sys_time<seconds>{seconds{1.5}}} ==
              timestamp::from_micros(1'500'000)));
  BOOST_TEST((timestamp{std::chrono::sys_time<seconds>{seconds{-0.25}}} ==
              timestamp::from_micros(-250'000)));
  BOOST_TEST((timestamp{std::chrono::sys_time<minutes>{minutes{0.5F}}} ==
              timestamp::from_micros(30'000'000)));
}

BOOST_AUTO_TEST_CASE(timestamp_at_the_ends_of_its_range_is_held_there)
{
  BOOST_TEST(timestamp::from_seconds(INT64_MAX).seconds() == INT64_MAX);
  BOOST_TEST(timestamp::from_seconds(INT64_MAX).micros() == INT64_MAX);
  BOOST_TEST(timestamp::from_seconds(INT64_MIN).micros() == INT64_MIN);
  BOOST_TEST(timestamp::from_micros(INT64_MIN).micros() == INT64_MIN);
  BOOST_TEST(timestamp::from_micros(INT64_MIN).seconds() == INT64_MIN / 1'000'000 - 1);
  BOOST_TEST(timestamp::from_micros(INT64_MAX).seconds() == INT64_MAX / 1'000'000);
  BOOST_TEST(timestamp::from_seconds(INT64_MAX / 1'000'000).micros() ==
             INT64_MAX / 1'000'000 * 1'000'000);
}

BOOST_AUTO_TEST_CASE(timestamp_of_the_same_instant_in_another_resolution_is_another)
{
  BOOST_TEST((timestamp::from_seconds(1) != timestamp::from_micros(1'000'000)));
  BOOST_TEST((timestamp::from_seconds(1).to_sys_time() ==
              timestamp::from_micros(1'000'000).to_sys_time()));
}

BOOST_AUTO_TEST_CASE(event_with_empty_text_differs_from_one_without)
{
  BOOST_TEST((event{.state = ""} != event{}));
  BOOST_TEST((event{.attributes = {{"k", ""}}} != event{.attributes = {{"k"}}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
