#ifndef RIEMANN_CLI_EVENT_READER_HPP
#define RIEMANN_CLI_EVENT_READER_HPP

#include <riemann/event.hpp>

#include <string>
#include <string_view>

namespace riemann::cli {

enum class reading {
  event,
  /// A blank line, a header: no event, and nothing wrong.
  nothing,
  bad,
};

/// Reads one format of events, a record at a time.
class event_reader {
public:
  event_reader() = default;
  event_reader(const event_reader&) = delete;
  event_reader& operator=(const event_reader&) = delete;
  virtual ~event_reader() = default;

  /// Sets what the record says in the event, which holds what it need not say. After
  /// `bad` the event is anything.
  virtual reading read(std::string_view record, event& e) = 0;
  /// The records that come next cannot be read either: the header was bad.
  [[nodiscard]] virtual bool is_hopeless() const { return false; }
  /// What is kept elsewhere of a bad record, to be mended and read again by itself.
  [[nodiscard]] virtual std::string_view kept(std::string_view record) const { return record; }
  /// To stand before records of this input that are kept elsewhere.
  [[nodiscard]] virtual std::string_view header() const { return {}; }

  /// What was wrong with the last record, and the remedy.
  [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

protected:
  reading refuse(std::string problem)
  {
    problem_ = std::move(problem);
    return reading::bad;
  }

private:
  std::string problem_{};
};

} // namespace riemann::cli

#endif
