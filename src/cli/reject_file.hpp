#ifndef RIEMANN_CLI_REJECT_FILE_HPP
#define RIEMANN_CLI_REJECT_FILE_HPP

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace riemann::cli {

/// Where lines are kept that could not be read, to be mended and sent again.
class reject_file {
public:
  /// Empty: nothing is kept. The file is left as it is until there is something to keep.
  /// Throws a `failure` if it cannot be written, or is what standard input reads.
  explicit reject_file(const std::string& name);

  /// Throws a `failure` if that cannot be written.
  void add(std::string_view header, std::string_view text);
  void close();

private:
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  void empty();
  void write_line(std::string_view text);
  [[noreturn]] void complain(const char* verb) const;

  std::string name_;
  std::unique_ptr<std::FILE, closer> file_{};
  bool is_empty_ = true; ///< nothing was kept yet
};

} // namespace riemann::cli

#endif
