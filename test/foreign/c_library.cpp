// Sends one message with libriemann-client, field by field as its arguments say:
//
//   c_library tcp|udp|tls PORT CA CERTIFICATE KEY event FIELD=VALUE... [event FIELD=VALUE...]...
//
// The three files are for TLS; say - for none.
#include <riemann/riemann-client.h>
#include <riemann/simple.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace {

void set_text(riemann_event_t* event, riemann_event_field_t field, const std::string& value)
{
  riemann_event_set(event, field, value.c_str(), RIEMANN_EVENT_FIELD_NONE);
}

// False for a field that there is not.
bool set_number(riemann_event_t* event, const std::string& field, const std::string& value)
{
  const auto whole = [&value] { return static_cast<std::int64_t>(std::stoll(value)); };
  if (field == "time") {
    riemann_event_set(event, RIEMANN_EVENT_FIELD_TIME, whole(), RIEMANN_EVENT_FIELD_NONE);
  } else if (field == "time_micros") {
    riemann_event_set(event, RIEMANN_EVENT_FIELD_TIME_MICROS, whole(), RIEMANN_EVENT_FIELD_NONE);
  } else if (field == "metric_sint64") {
    riemann_event_set(event, RIEMANN_EVENT_FIELD_METRIC_S64, whole(), RIEMANN_EVENT_FIELD_NONE);
  } else if (field == "metric_d") {
    riemann_event_set(event, RIEMANN_EVENT_FIELD_METRIC_D, std::stod(value),
                      RIEMANN_EVENT_FIELD_NONE);
  } else if (field == "metric_f") {
    riemann_event_set(event, RIEMANN_EVENT_FIELD_METRIC_F, std::stod(value),
                      RIEMANN_EVENT_FIELD_NONE);
  } else if (field == "ttl") {
    riemann_event_set(event, RIEMANN_EVENT_FIELD_TTL, std::stod(value), RIEMANN_EVENT_FIELD_NONE);
  } else {
    return false;
  }
  return true;
}

bool set(riemann_event_t* event, const std::string& field, const std::string& value)
{
  static const std::map<std::string, riemann_event_field_t> texts{
      {"state", RIEMANN_EVENT_FIELD_STATE},
      {"service", RIEMANN_EVENT_FIELD_SERVICE},
      {"host", RIEMANN_EVENT_FIELD_HOST},
      {"description", RIEMANN_EVENT_FIELD_DESCRIPTION},
  };
  if (const auto text = texts.find(field); text != texts.end()) {
    set_text(event, text->second, value);
  } else if (field == "tag") {
    riemann_event_tag_add(event, value.c_str());
  } else if (const std::string attribute = "attribute:"; field.starts_with(attribute)) {
    riemann_event_string_attribute_add(event, field.substr(attribute.size()).c_str(),
                                       value.c_str());
  } else {
    return set_number(event, field, value);
  }
  return true;
}

// Null when they make none.
riemann_message_t* message_of(const std::vector<std::string>& arguments)
{
  std::vector<riemann_event_t*> events;
  for (const std::string& argument : arguments) {
    if (argument == "event") {
      events.push_back(riemann_event_new());
      continue;
    }
    const auto equals = argument.find('=');
    if (events.empty() || equals == std::string::npos ||
        !set(events.back(), argument.substr(0, equals), argument.substr(equals + 1))) {
      std::fprintf(stderr, "not a field: %s\n", argument.c_str());
      return nullptr;
    }
  }
  riemann_message_t* message = riemann_message_new();
  for (riemann_event_t* event : events) {
    riemann_message_append_events(message, event, nullptr);
  }
  return message;
}

riemann_client_t* connect(const std::string& kind, int port, char** files)
{
  if (kind != "tls") {
    return riemann_client_create(kind == "udp" ? RIEMANN_CLIENT_UDP : RIEMANN_CLIENT_TCP,
                                 "127.0.0.1", port, RIEMANN_CLIENT_OPTION_NONE);
  }
  return riemann_client_create(
      RIEMANN_CLIENT_TLS, "127.0.0.1", port, RIEMANN_CLIENT_OPTION_TLS_CA_FILE, files[0],
      RIEMANN_CLIENT_OPTION_TLS_CERT_FILE, files[1], RIEMANN_CLIENT_OPTION_TLS_KEY_FILE, files[2],
      RIEMANN_CLIENT_OPTION_NONE);
}

} // namespace

int main(int argc, char** argv)
{
  if (argc == 2 && std::string{argv[1]} == "--version") {
    std::puts(riemann_client_version_string());
    return 0;
  }
  if (argc < 7) {
    std::fprintf(stderr, "too few arguments: see the source\n");
    return 2;
  }
  const std::string kind = argv[1];
  riemann_message_t* message = message_of({argv + 6, argv + argc});
  riemann_client_t* client = connect(kind, std::atoi(argv[2]), argv + 3);
  if (message == nullptr || client == nullptr) {
    std::fprintf(stderr, "no message, or no connection\n");
    return 1;
  }
  // It takes the message.
  riemann_message_t* answer = riemann_communicate(client, message);
  const bool good = answer != nullptr && (kind == "udp" || answer->ok);
  if (answer != nullptr) {
    riemann_message_free(answer);
  }
  riemann_client_free(client);
  return good ? 0 : 1;
}
