#include "test_tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>

static void add_extension(X509 *certificate, X509 *issuer, int id, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, id, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// A certificate for `key`, signed with `issuer_key`; valid from `from` to `to` seconds from now.
static X509 *certificate(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *issuer_key, const char *hosts,
                         long from, long to) {
  static long serial = 1;
  X509 *made = X509_new();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made), from);
  X509_gmtime_adj(X509_getm_notAfter(made), to);
  X509_set_pubkey(made, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
  X509 *signer = issuer != NULL ? issuer : made;
  X509_set_issuer_name(made, X509_get_subject_name(signer));
  if (hosts != NULL) {
    add_extension(made, signer, NID_subject_alt_name, hosts);
  } else {
    add_extension(made, signer, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made, signer, NID_key_usage, "critical,keyCertSign");
  }
  X509_sign(made, issuer_key, EVP_sha256());
  return made;
}

void *test_tls_server(enum test_tls_fault fault, const char *authority_path) {
  const long day = 86400;
  EVP_PKEY *authority_key = EVP_EC_gen("P-256");
  EVP_PKEY *key = EVP_EC_gen("P-256");
  X509 *authority = certificate(authority_key, "elmond test authority", NULL, authority_key, NULL, -day, day);
  FILE *file = fopen(authority_path, "w");
  if (file == NULL) return NULL;
  PEM_write_X509(file, authority);
  fclose(file);
  const char *hosts = fault == test_tls_wrong_host ? "DNS:elsewhere.example" : "DNS:localhost,IP:127.0.0.1";
  const int is_own = fault == test_tls_self_signed;
  X509 *own = certificate(key, "test server", is_own ? NULL : authority, is_own ? key : authority_key, hosts, -2 * day,
                          fault == test_tls_expired ? -day : day);
  SSL_CTX *server = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(server, own);
  SSL_CTX_use_PrivateKey(server, key);
  if (fault == test_tls_old_protocol) {
    SSL_CTX_set_cipher_list(server, "DEFAULT@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(server, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(server, TLS1_1_VERSION);
  }
  X509_free(own);
  X509_free(authority);
  EVP_PKEY_free(key);
  EVP_PKEY_free(authority_key);
  return server;
}

void test_tls_server_free(void *server) { SSL_CTX_free(server); }

void *test_tls_accept(void *server, int socket) {
  SSL *connection = SSL_new(server);
  SSL_set_fd(connection, socket);
  if (SSL_accept(connection) != 1) {
    ERR_clear_error();
    SSL_free(connection);
    return NULL;
  }
  return connection;
}

int test_tls_read(void *connection, void *bytes, int count) { return SSL_read(connection, bytes, count); }

int test_tls_write(void *connection, const void *bytes, int count) { return SSL_write(connection, bytes, count); }

void test_tls_close(void *connection) { SSL_free(connection); }

void test_sha1(const void *bytes, unsigned long count, unsigned char *digest) { SHA1(bytes, count, digest); }
