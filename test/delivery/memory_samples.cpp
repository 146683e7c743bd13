#include "memory_samples.hpp"

#include <cstdio>
#include <fstream>
#include <unistd.h>

namespace delivery {

namespace {

std::size_t resident_bytes()
{
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace

void memory_samples::sample()
{
  const auto now = clock::now();
  if (now < next_) {
    return;
  }
  next_ = now + interval_;
  if (samples_.size() == most) {
    for (std::size_t i = 0; i != most / 2; ++i) {
      samples_[i] = samples_[2 * i];
    }
    samples_.resize(most / 2);
    interval_ *= 2;
  }
  samples_.push_back({now - start_, resident_bytes()});
}

std::string memory_samples::json() const
{
  std::string text = "[";
  for (const auto& [since_start, bytes] : samples_) {
    char pair[64];
    std::snprintf(pair, sizeof pair, "%s[%.3f, %zu]", text.size() == 1 ? "" : ", ",
                  since_start.count(), bytes);
    text += pair;
  }
  return text + "]";
}

} // namespace delivery
