#ifndef RIEMANN_SIMULATION_SERVER_HPP
#define RIEMANN_SIMULATION_SERVER_HPP

#include "connection.hpp"
#include "dice.hpp"
#include "model.hpp"
#include "scenario.hpp"
#include "timeline.hpp"
#include "wire.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <utility>

namespace riemann::simulation {

/**
 * The server's side of one connection: decodes what arrives, notes it in the
 * journal, and answers in order, with the faults its scenario has. The journal
 * says what was sent, whether it gets through or not.
 */
class server : public std::enable_shared_from_this<server> {
public:
  server(timeline& time, dice& random, const scenario& how, roll& messages,
         std::shared_ptr<connection> line)
      : time_{time}, random_{random}, how_{how}, messages_{messages}, line_{std::move(line)}
  {}

  void arrived(std::span<const std::byte> piece);

private:
  enum class reply { none, acknowledge, reject, find, garble, exceed, mistake };

  void handle(const asked& a);
  reply choose(const asked& a);
  void answer(tracked& to, reply what);
  void send_next();

  timeline& time_;
  dice& random_;
  const scenario& how_;
  roll& messages_;
  std::shared_ptr<connection> line_;
  bytes unread_{};
  std::deque<std::pair<tracked*, reply>> to_answer_{};
};

} // namespace riemann::simulation

#endif
