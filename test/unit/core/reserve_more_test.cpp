#include "core/reserve_more.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace {

using riemann::core::reserve_more;

BOOST_AUTO_TEST_SUITE(reserve_more_for)

BOOST_AUTO_TEST_CASE(what_is_added_then_has_room_without_moving)
{
  std::vector<int> v{1, 2, 3};
  reserve_more(v, 5);
  const int* const where = v.data();
  v.insert(v.end(), 5, 4);
  BOOST_TEST(v.data() == where);
}

BOOST_AUTO_TEST_CASE(one_at_a_time_then_it_moves_as_seldom_as_push_back)
{
  std::vector<int> v;
  int moved = 0;
  for (int i = 0; i != 10'000; ++i) {
    const int* const where = v.data();
    reserve_more(v, 1);
    v.push_back(i);
    moved += v.data() != where ? 1 : 0;
  }
  BOOST_TEST(moved <= 15); // of 2 to the 14th, the first with room for all
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
