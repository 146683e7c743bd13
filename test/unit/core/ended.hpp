#ifndef RIEMANN_UNIT_CORE_ENDED_HPP
#define RIEMANN_UNIT_CORE_ENDED_HPP

#include "core/request.hpp"

#include <riemann/error.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>

/// The words these tests are written in.
namespace riemann::test {

using namespace std::chrono_literals;
using boost::system::error_code;
using core::never;
using core::phase;
using core::request;
using core::time_point;

/// It ended so.
inline bool is(const request& r, error_code error)
{
  return r.where == phase::ended && r.error == error;
}

} // namespace riemann::test

#endif
