#ifndef RIEMANN_CLI_INPUT_PIECES_HPP
#define RIEMANN_CLI_INPUT_PIECES_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace riemann::cli {

/**
 * Standard input, read by a thread of its own: whatever it is, terminal, pipe or file,
 * waiting for it holds up nothing else, and its mode, which others share, stays as it
 * was. A few pieces are read ahead. The thread outlives this where nothing comes.
 */
class input_pieces {
public:
  static constexpr std::size_t piece_size = std::size_t{256} << 10;
  static constexpr std::size_t read_ahead = 2;

  /// The context outlives the program's use of it.
  explicit input_pieces(boost::asio::io_context& context);
  input_pieces(const input_pieces&) = delete;
  input_pieces& operator=(const input_pieces&) = delete;
  ~input_pieces();

  /// The next piece; empty at the end and after `stop`. Throws a `failure` if it cannot
  /// be read.
  boost::asio::awaitable<std::string> next();
  void stop();

private:
  struct shared;
  static void read_all(const std::shared_ptr<shared>& s);

  std::shared_ptr<shared> shared_;
};

} // namespace riemann::cli

#endif
