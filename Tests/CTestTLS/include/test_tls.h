#pragma once

// A TLS server for tests, with good certificates and bad ones, made anew in memory for each server.

enum test_tls_fault {
  test_tls_good = 0,
  test_tls_expired = 1,
  test_tls_wrong_host = 2,
  test_tls_self_signed = 3,
  test_tls_old_protocol = 4,  // speaks TLS 1.1 at most
};

// A server's context; the authority that its certificate is signed by is written to `authority_path` as PEM.
void *test_tls_server(enum test_tls_fault fault, const char *authority_path);
void test_tls_server_free(void *server);

// The handshake on a connected socket; null when it fails. Blocks.
void *test_tls_accept(void *server, int socket);
int test_tls_read(void *connection, void *bytes, int count);
int test_tls_write(void *connection, const void *bytes, int count);
void test_tls_close(void *connection);

// SHA-1 of a message, 20 bytes.
void test_sha1(const void *bytes, unsigned long count, unsigned char *digest);
