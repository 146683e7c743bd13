#ifndef RIEMANN_SIMULATION_LISTENER_HPP
#define RIEMANN_SIMULATION_LISTENER_HPP

#include "core/session.hpp"
#include "model.hpp"

#include <boost/system/error_code.hpp>

namespace riemann::simulation {

/// Who is told what comes of what was asked of a shell; asks nothing of it meanwhile.
class listener {
public:
  listener() = default;
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// It still has its request.
  virtual void on_ended(tracked& t) = 0;
  virtual void on_connect_over(boost::system::error_code error) = 0;
  virtual void on_disconnect_over(boost::system::error_code error) = 0;
  virtual void on_change(const core::tell& what) = 0;

protected:
  ~listener() = default;
};

} // namespace riemann::simulation

#endif
