#include "system/http_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace nn {
namespace {

constexpr int kPatience = 50;  // milliseconds between two looks at whether to stop

bool is_readable(int socket, int milliseconds) {
  pollfd waiting{socket, POLLIN, 0};
  return ::poll(&waiting, 1, milliseconds) > 0;
}

// The request up to the empty line that ends it, or what came of it within two seconds.
std::string read_request(int connection) {
  std::string request;
  std::array<char, 4096> buffer{};
  while (request.find("\r\n\r\n") == request.npos && is_readable(connection, 2000)) {
    const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    request.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return request;
}

// "GET /path HTTP/1.1" -> "/path"
std::string path_of(const std::string& request) {
  const std::size_t begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

void send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string head(std::string_view status, std::size_t length, const std::string& more = "") {
  return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n", status, length,
                     more);
}

}  // namespace

HttpServer::HttpServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no server can be started on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  stopping_ = true;
  thread_.join();
  for (const int connection : kept_open_) ::close(connection);
  ::close(listener_);
}

std::string HttpServer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void HttpServer::answer(const std::string& path, HttpAnswer answer) {
  const std::lock_guard lock(mutex_);
  answers_[path] = std::move(answer);
}

std::vector<std::string> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void HttpServer::serve() {
  while (!stopping_) {
    if (!is_readable(listener_, kPatience)) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) handle(connection);
  }
}

HttpAnswer HttpServer::answer_to(const std::string& path) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(path);
  const auto found = answers_.find(path);
  return found == answers_.end() ? HttpAnswer{} : found->second;
}

void HttpServer::handle(int connection) {
  using Kind = HttpAnswer::Kind;
  const HttpAnswer answer = answer_to(path_of(read_request(connection)));
  const std::string_view body = answer.body;
  if (answer.kind == Kind::missing) send_all(connection, head("404 Not Found", 0));
  if (answer.kind == Kind::redirect) {
    send_all(connection, head("302 Found", 0, fmt::format("Location: {}\r\n", body)));
  }
  if (answer.kind == Kind::content) send_all(connection, head("200 OK", body.size()) + answer.body);
  if (answer.kind == Kind::cut_off || answer.kind == Kind::stalled) {
    send_all(connection, head("200 OK", body.size()));
    send_all(connection, body.substr(0, body.size() / 2));
  }
  if (answer.kind == Kind::silent || answer.kind == Kind::stalled) {
    kept_open_.push_back(connection);
  } else {
    ::close(connection);
  }
}

}  // namespace nn
