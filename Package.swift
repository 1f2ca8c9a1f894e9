// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

let cWarnings: [CSetting] = [
  .unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-fno-math-errno"])
]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
  name: "elmond",
  products: [
    .executable(name: "elmond", targets: ["elmond"]),
    .executable(name: "elmond-model-import", targets: ["ModelImport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(
      name: "CCodecs",
      providers: [.apt(["zlib1g-dev", "libbz2-dev", "liblzma-dev", "libzstd-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

    // The nouns, the text, the input.
    .target(name: "Tweets", swiftSettings: strict),
    .target(name: "JSON", swiftSettings: strict),
    .target(name: "TOML", swiftSettings: strict),
    .target(name: "TweetText", dependencies: ["JSON", "Tweets"], swiftSettings: strict),
    .target(
      name: "Ingest", dependencies: ["CArchive", "CCodecs", "CCurl", "JSON", "Tweets"],
      swiftSettings: strict),

    // Which language a text is in.
    .target(
      name: "CLanguage", cxxSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("cld2")]),
    .target(name: "Language", dependencies: ["CLanguage", "Tweets"], swiftSettings: strict),

    // The engine.
    .target(name: "CKernels", cSettings: cWarnings),
    .target(
      name: "LinearAlgebra", dependencies: ["CKernels", "COpenBLAS"], swiftSettings: strict),
    .target(name: "ELMo", dependencies: ["LinearAlgebra"], swiftSettings: strict),
    .target(
      name: "Classifier", dependencies: ["ELMo", "LinearAlgebra", "Tweets", "TweetText"],
      swiftSettings: strict),
    .target(
      name: "Training", dependencies: ["Classifier", "ELMo", "LinearAlgebra", "Tweets"],
      swiftSettings: strict),
    .executableTarget(
      name: "ModelImport", dependencies: ["CHDF5", "ELMo"], swiftSettings: strict),

    // The measurement.
    .target(name: "Aggregates", dependencies: ["Tweets"], swiftSettings: strict),
    .target(
      name: "Store", dependencies: ["Aggregates", "Tweets", grdb, sqlite], swiftSettings: strict),
    .target(name: "Report", dependencies: ["Aggregates", "Tweets"], swiftSettings: strict),
    .target(
      name: "Pipeline", dependencies: ["Aggregates", "Tweets", "TweetText"],
      swiftSettings: strict),

    // The program.
    .target(
      name: "Daemon",
      dependencies: [
        "Aggregates", "Classifier", "ELMo", "Ingest", "JSON", "Language", "LinearAlgebra",
        "Pipeline",
        "Report", "Store", "TOML", "Training", "TweetText", "Tweets", argumentParser, lifecycle,
        logging, signals,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "elmond", dependencies: ["Daemon", argumentParser], swiftSettings: strict),

    // The tests.
    .target(
      name: "CTestTLS", path: "Tests/CTestTLS",
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(
      name: "FaultServer", dependencies: ["CTestTLS"], path: "Tests/FaultServer",
      swiftSettings: strict),
    .executableTarget(
      name: "elmond-fault-server", dependencies: ["FaultServer", argumentParser],
      path: "Tests/FaultServerTool", swiftSettings: strict),
    .testTarget(
      name: "TweetsTests", dependencies: ["Tweets"],
      swiftSettings: strict),
    .testTarget(
      name: "JSONTests", dependencies: ["JSON"],
      swiftSettings: strict),
    .testTarget(
      name: "TOMLTests", dependencies: ["TOML"],
      swiftSettings: strict),
    .testTarget(
      name: "LanguageTests", dependencies: ["Language", "Tweets"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "TweetTextTests", dependencies: ["TweetText", "Tweets"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "IngestTests",
      dependencies: [
        "CArchive", "CCodecs", "FaultServer", "Ingest", "Pipeline", "TweetText", "Tweets",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"],
      swiftSettings: strict),
    .testTarget(
      name: "ELMoTests", dependencies: ["ELMo", "LinearAlgebra"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "ModelImportTests", dependencies: ["ELMo", "ModelImport"],
      swiftSettings: strict),
    .testTarget(
      name: "ClassifierTests", dependencies: ["Classifier", "ELMo", "Tweets"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Classifier", "ELMo", "LinearAlgebra", "Training", "TweetText", "Tweets"],
      exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "AggregatesTests", dependencies: ["Aggregates", "Tweets"],
      swiftSettings: strict),
    .testTarget(
      name: "StoreTests", dependencies: ["Aggregates", "Store", "Tweets", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "ReportTests", dependencies: ["Aggregates", "Report", "Tweets"], exclude: ["Snapshots"],
      swiftSettings: strict),
    .testTarget(
      name: "PipelineTests", dependencies: ["Aggregates", "Pipeline", "Tweets", "TweetText"],
      swiftSettings: strict),
    .testTarget(
      name: "DaemonTests",
      dependencies: ["Daemon", "Ingest", "TOML", "Training", "TweetText", "Tweets", logging],
      exclude: ["Fixtures"],
      swiftSettings: strict),
  ]
)
