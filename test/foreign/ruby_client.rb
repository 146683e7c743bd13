# Sends the events on standard input, a JSON array, with the Ruby client, and asks.
#
#   ruby ruby_client.rb tcp|udp|either|message PORT < EVENTS
#   ruby ruby_client.rb query PORT TEXT      prints the answer, or `refused: WHY`
require 'json'
require 'riemann/client'

way, port, text = ARGV
client = Riemann::Client.new(host: '127.0.0.1', port: port.to_i, timeout: 30)

if way == 'query'
  begin
    puts JSON.generate(client[text].map(&:to_hash))
  rescue Riemann::Client::ServerError => e
    puts "refused: #{e.message}"
  end
  exit
end

events = JSON.parse($stdin.read, symbolize_names: true)
case way
when 'tcp' then events.each { |event| client.tcp << event }
when 'udp' then events.each { |event| client.udp << event }
when 'either' then events.each { |event| client << event } # UDP, and TCP for what is too long
when 'message'
  client.tcp.send_recv(Riemann::Message.new(events: events.map { |event| Riemann::Event.new(event) }))
end
