#ifndef RIEMANN_TEST_GOLDEN_REBUILD_HPP
#define RIEMANN_TEST_GOLDEN_REBUILD_HPP

#include "transcript.hpp"

#include <boost/json.hpp>

#include <string>

namespace riemann::golden {

enum class direction { request, response };

/// A byte string that was recorded as its beginning, its length and its hash. Throws
/// `std::runtime_error` where what is made has another hash.
[[nodiscard]] bytes rebuild(const std::string& name, direction which,
                            const boost::json::object& elided);

} // namespace riemann::golden

#endif
