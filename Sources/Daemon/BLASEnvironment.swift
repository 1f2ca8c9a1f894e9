import Glibc

/// Keeps settings of another machine from hiding OpenBLAS's best kernels.
///
/// OpenBLAS reads `OPENBLAS_CORETYPE` and `OPENBLAS_L2_SIZE` while it is loaded, before `main`; the only
/// way to take them back is to start the program again without them
/// (https://github.com/OpenMathLib/OpenBLAS/wiki/Faq). `ELMOND_KEEP_OPENBLAS=1` leaves them alone.
enum BLASEnvironment {
  private static let hidden = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"]

  static func cleanse() {
    guard unsafe getenv("ELMOND_KEEP_OPENBLAS") == nil else { return }
    let found = hidden.filter { unsafe getenv($0) != nil }
    guard !found.isEmpty else { return }
    for name in found { unsafe unsetenv(name) }
    // The arguments live as long as the process, which this call replaces; on failure we go on as we are.
    unsafe _ = execv(ProgramPath.current, CommandLine.unsafeArgv)
  }
}
