// libhdf5 has its type numbers in global variables that H5open sets once.
@unsafe @preconcurrency import CHDF5
import ELMo

/// A new HDF5 file of float32 datasets in the plain form of the published weights (ELMO.md 6.1):
/// superblock 0, old-style groups, contiguous, no filters, no attributes, no times.
struct HDF5Writer: ~Copyable {
  let path: String
  private let file: HDF5Handle
  private let links: HDF5Handle
  private let layout: HDF5Handle

  /// Starts a file where there is none.
  init(_ path: String) throws(ModelError) {
    guard H5open() >= 0 else { throw Self.fault("start libhdf5 for", path) }
    H5Eset_auto2(0, nil, nil)
    // 4 is H5F_ACC_EXCL, a macro that Swift cannot see: never write over a file.
    guard let file = HDF5Handle(unsafe H5Fcreate(path, 4, 0, 0)) else {
      throw Self.fault("create", path)
    }
    guard let links = HDF5Handle(H5Pcreate(H5P_CLS_LINK_CREATE_ID_g)),
      H5Pset_create_intermediate_group(links.id, 1) >= 0,
      let layout = HDF5Handle(H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g)),
      H5Pset_layout(layout.id, H5D_CONTIGUOUS) >= 0,
      // The same weights give the same bytes on any day.
      H5Pset_obj_track_times(layout.id, false) >= 0
    else { throw Self.fault("prepare", path) }
    self.path = path
    self.file = file
    self.links = links
    self.layout = layout
  }

  /// Writes a dataset, and the groups that its name asks for.
  func write(_ name: String, shape: [Int], values: Span<Float>) throws(ModelError) {
    let count = shape.reduce(1, *)
    precondition(values.count == count, "\(values.count) numbers for \(name) of shape \(shape)")
    let extents = shape.map { hsize_t($0) }
    guard
      let space = HDF5Handle(unsafe H5Screate_simple(Int32(shape.count), extents, nil)),
      let dataset = HDF5Handle(
        unsafe H5Dcreate2(file.id, name, H5T_IEEE_F32LE_g, space.id, links.id, layout.id, 0))
    else { throw Self.fault("create dataset \(name) of", path) }
    let status = unsafe values.withUnsafeBufferPointer {
      unsafe H5Dwrite(dataset.id, H5T_NATIVE_FLOAT_g, 0, 0, 0, $0.baseAddress)
    }
    guard status >= 0, dataset.close() else { throw Self.fault("write dataset \(name) of", path) }
  }

  /// Writes what libhdf5 still holds, and closes the file.
  consuming func finish() throws(ModelError) {
    let path = path
    guard H5Fflush(file.id, H5F_SCOPE_LOCAL) >= 0 else { throw Self.fault("write", path) }
  }

  private static func fault(_ operation: String, _ path: String) -> ModelError {
    .system(
      operation: operation, path: path,
      cause: "libhdf5 refused; check that the disk has room and that this user may write there")
  }
}
