// A small HTTP server on this machine, for tests of downloads: it knows how to answer, and how not to.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace nn {

struct HttpAnswer {
  enum class Kind {
    content,   // the body
    cut_off,   // announces the whole body, sends half of it and hangs up
    stalled,   // announces the whole body, sends half of it and then nothing, without hanging up
    redirect,  // to the address in body
    missing,   // 404
    silent,    // takes the request and never answers
  };
  Kind kind = Kind::missing;
  std::string body;
};

// Listens on a free port of 127.0.0.1 from its construction to its end. What it has no answer for is missing.
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // "http://127.0.0.1:PORT"
  std::string url() const;
  // path: from the root, e.g. "/mnist/a.gz"
  void answer(const std::string& path, HttpAnswer answer);
  // The paths that were asked for, in order.
  std::vector<std::string> requests() const;

 private:
  void serve();
  void handle(int connection);
  HttpAnswer answer_to(const std::string& path);

  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;  // of answers_ and requests_
  std::map<std::string, HttpAnswer> answers_;
  std::vector<std::string> requests_;
  std::vector<int> kept_open_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace nn
