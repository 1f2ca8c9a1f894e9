import CHDF5

/// One id of libhdf5, released at the end.
struct HDF5Handle: ~Copyable {
  let id: hid_t

  init(_ id: hid_t, _ operation: String, _ cause: String) throws(ImportError) {
    guard id >= 0 else { throw .badData("\(operation): \(cause)") }
    self.id = id
  }

  /// Takes an id over; nil when it stands for a failure.
  init?(_ id: hid_t) {
    guard id >= 0 else { return nil }
    self.id = id
  }

  /// Releases the id now; false when libhdf5 could not write what was left to write.
  consuming func close() -> Bool {
    let status = H5Idec_ref(id)
    discard self
    return status >= 0
  }

  deinit { H5Idec_ref(id) }
}
