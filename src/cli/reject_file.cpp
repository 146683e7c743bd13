#include "cli/reject_file.hpp"

#include "cli/failure.hpp"

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace riemann::cli {

namespace {

/// Standard input reads the same file.
bool is_read_from(int file)
{
  struct stat input = {};
  struct stat other = {};
  return ::fstat(STDIN_FILENO, &input) == 0 && ::fstat(file, &other) == 0 &&
         S_ISREG(input.st_mode) && input.st_dev == other.st_dev && input.st_ino == other.st_ino;
}

} // namespace

reject_file::reject_file(const std::string& name) : name_{name}
{
  if (name_.empty()) {
    return;
  }
  // Not emptied yet: what an earlier run kept stays, unless there is more.
  file_.reset(std::fopen(name_.c_str(), "ae"));
  if (!file_) {
    complain("open");
  }
  if (is_read_from(::fileno(file_.get()))) {
    throw failure{exit_code::usage, "the reject file '" + name_ +
                                        "' is the input itself; give another --reject-file"};
  }
}

void reject_file::add(std::string_view header, std::string_view text)
{
  if (!file_) {
    return;
  }
  if (is_empty_) {
    empty();
    if (!header.empty()) {
      write_line(header);
    }
  }
  is_empty_ = false;
  write_line(text);
}

/// What is no file that could be emptied, such as a pipe, has nothing to be emptied of.
void reject_file::empty()
{
  if (::ftruncate(::fileno(file_.get()), 0) != 0 && errno != EINVAL) {
    complain("empty");
  }
}

void reject_file::write_line(std::string_view text)
{
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size() ||
      std::fputc('\n', file_.get()) == EOF) {
    complain("write");
  }
}

void reject_file::close()
{
  if (file_ && std::fclose(file_.release()) != 0) {
    complain("write");
  }
}

void reject_file::complain(const char* verb) const
{
  const boost::system::error_code why{errno, boost::system::system_category()};
  throw failure{exit_code::other, "cannot " + std::string{verb} + " the reject file '" + name_ +
                                      "': " + why.message() + "; give another --reject-file"};
}

} // namespace riemann::cli
