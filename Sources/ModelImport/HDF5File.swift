// libhdf5 has its type numbers in global variables that H5open sets once.
@unsafe @preconcurrency import CHDF5

/// An HDF5 file open for reading; alone talks to libhdf5.
struct HDF5File: ~Copyable {
  /// A dataset's shape and numbers, row-major.
  struct Dataset {
    let shape: [Int]
    let values: [Float]
  }

  let path: String
  private let file: HDF5Handle

  init(_ path: String) throws(ImportError) {
    guard H5open() >= 0 else { throw .badData("start libhdf5: it refused") }
    // Its own error stack goes to standard error in many lines; ours says it in one.
    H5Eset_auto2(0, nil, nil)
    let handle = try HDF5Handle(
      unsafe H5Fopen(path, 0, 0), "open \(path) as HDF5",
      "it is no HDF5 file, or it is cut short; fetch it again")
    self.path = path
    file = handle
  }

  /// The shape of a dataset; nil when there is none of that name.
  func shape(of name: String) throws(ImportError) -> [Int]? {
    guard isThere(name) else { return nil }
    return try extents(try dataset(name), name)
  }

  /// Reads a dataset of any number type as Float, whatever its layout, chunks and filters.
  func read(_ name: String) throws(ImportError) -> Dataset {
    let dataset = try dataset(name)
    let shape = try extents(dataset, name)
    let type = try HDF5Handle(
      H5Dget_type(dataset.id), "read the type of dataset \(name)", "libhdf5 refused")
    let kind = H5Tget_class(type.id)
    guard kind == H5T_FLOAT || kind == H5T_INTEGER else {
      throw .badData("read dataset \(name) of \(path): it holds no numbers, wanted float32")
    }
    var values = [Float](repeating: 0, count: shape.reduce(1, *))
    let status = unsafe values.withUnsafeMutableBytes {
      unsafe H5Dread(dataset.id, H5T_NATIVE_FLOAT_g, 0, 0, 0, $0.baseAddress)
    }
    guard status >= 0 else {
      throw .badData(
        "read dataset \(name) of \(path): its \(values.count) numbers of shape \(shape) cannot be "
          + "read, the file is cut short or damaged; fetch it again")
    }
    return Dataset(shape: shape, values: values)
  }

  /// The names of all datasets, depth first in the file's order of names.
  func datasetNames() throws(ImportError) -> [String] {
    var names: [String] = []
    var groups = [""]
    while let group = groups.popLast() {
      // A file whose groups form a ring has no end; no model is this deep.
      guard group.utf8.count < 1024 else { continue }
      for member in try members(of: group) {
        let name = group.isEmpty ? member : "\(group)/\(member)"
        guard let object = try? HDF5Handle(unsafe H5Oopen(file.id, name, 0), "open \(name)", "")
        else { continue }
        switch H5Iget_type(object.id) {
        case H5I_DATASET: names.append(name)
        case H5I_GROUP: groups.append(name)
        default: break
        }
      }
    }
    return names.sorted()
  }

  private func members(of group: String) throws(ImportError) -> [String] {
    let name = "/\(group)"
    let handle = try HDF5Handle(
      unsafe H5Oopen(file.id, name, 0), "open group \(name)", "libhdf5 refused")
    var info = H5G_info_t()
    guard unsafe H5Gget_info(handle.id, &info) >= 0 else {
      throw .badData("list group \(name) of \(path): the file is damaged; fetch it again")
    }
    var members: [String] = []
    for index in 0..<info.nlinks {
      var buffer = [CChar](repeating: 0, count: 1024)
      let length = unsafe H5Lget_name_by_idx(
        handle.id, ".", H5_INDEX_NAME, H5_ITER_NATIVE, index, &buffer, buffer.count, 0)
      guard length > 0, length < buffer.count else { continue }
      let bytes = buffer[..<length].map { UInt8(bitPattern: $0) }
      members.append(String(decoding: bytes, as: UTF8.self))
    }
    return members
  }

  private func isThere(_ name: String) -> Bool {
    var path = ""
    for part in name.split(separator: "/") {
      path += path.isEmpty ? String(part) : "/\(part)"
      guard unsafe H5Lexists(file.id, path, 0) > 0 else { return false }
    }
    return true
  }

  private func dataset(_ name: String) throws(ImportError) -> HDF5Handle {
    try HDF5Handle(
      unsafe H5Dopen2(file.id, name, 0), "open dataset \(name) of \(path)",
      "it is no dataset, or the file is damaged")
  }

  private func extents(
    _ dataset: borrowing HDF5Handle, _ name: String
  ) throws(ImportError) -> [Int] {
    let space = try HDF5Handle(
      H5Dget_space(dataset.id), "read the shape of dataset \(name)", "the file is damaged")
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard (0...32).contains(rank) else {
      throw .badData("read the shape of dataset \(name) of \(path): the file is damaged")
    }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    unsafe H5Sget_simple_extent_dims(space.id, &extents, nil)
    // More than any model has: a damaged header must not ask for all memory.
    var count: UInt64 = 1
    for extent in extents {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: extent)
      guard !isTooLarge, product < 1 << 34 else {
        throw .badData("read dataset \(name) of \(path): shape \(extents) is impossible")
      }
      count = product
    }
    return extents.map { Int($0) }
  }
}
