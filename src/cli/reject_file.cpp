#include "cli/reject_file.hpp"

#include "cli/failure.hpp"

#include <boost/system/error_code.hpp>

#include <cerrno>

namespace riemann::cli {

reject_file::reject_file(const std::string& name) : name_{name}
{
  if (name_.empty()) {
    return;
  }
  file_.reset(std::fopen(name_.c_str(), "we"));
  if (!file_) {
    complain("open");
  }
}

void reject_file::add(std::string_view header, std::string_view text)
{
  if (!file_) {
    return;
  }
  if (is_empty_ && !header.empty()) {
    write_line(header);
  }
  is_empty_ = false;
  write_line(text);
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
