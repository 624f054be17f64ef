// swift-tools-version: 6.1
// Affetto: a Swift core behind a C ABI. README "Architecture" draws the floors; arrows here only point down.
import PackageDescription

// The distribution step (bindings/c/install.sh) builds the one self-contained library: Swift's standard library and the
// C dependencies linked statically, only affetto_* exported. Everyday builds stay free of unsafe flags.
let dist = Context.environment["AFFETTO_DIST"] == "1"
let root = Context.packageDirectory

let distLinking: [LinkerSetting] =
    dist
    ? [
        .unsafeFlags([
            "-static-stdlib", "-use-ld=lld", "-Xclang-linker", "-static-libgcc", "-L\(root)/.build/static-libs",
            // FoundationEssentials' own parts, which static linking does not pull in by itself.
            "-l_FoundationCollections", "-l_FoundationCShims",
            "-Xlinker", "--version-script=\(root)/Sources/CAPI/exports.map",
            "-Xlinker", "-soname=libaffetto.so.0", "-Xlinker", "-z", "-Xlinker", "nodelete",
            // Sources/Hygiene: freed memory is zeroed, and there are no sockets.
            "-Xlinker", "--wrap=free", "-Xlinker", "--wrap=realloc", "-Xlinker", "--wrap=socketpair",
            "-Xlinker", "--wrap=getsockopt", "-Xlinker", "--wrap=gethostname", "-Xlinker", "--wrap=sendfile",
            "-Xlinker", "--gc-sections", "-Xlinker", "--icf=safe", "-Xlinker", "--as-needed",
        ])
    ] : []

let distTargets: [Target] = dist ? [.target(name: "AffettoHygiene", path: "Sources/Hygiene")] : []
let distDependencies: [Target.Dependency] = dist ? ["AffettoHygiene"] : []

let package = Package(
    name: "affetto",
    products: [
        .library(name: "AffettoC", type: .dynamic, targets: ["AffettoCAPI"]),
        .library(name: "AffettoEngine", targets: ["AffettoEngine"]),
        .executable(name: "affetto", targets: ["affetto"]),
        .executable(name: "affetto-train", targets: ["affetto-train"]),
    ],
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")],
    targets: distTargets + [
        // Floor 0: the public header as a module, system libraries, model packs
        .systemLibrary(name: "CAffetto", path: "Include"),
        .systemLibrary(name: "CFFTW3", path: "Sources/CFFTW3", pkgConfig: dist ? nil : "fftw3f"),
        .systemLibrary(name: "CSQLite3", path: "Sources/CSQLite3", pkgConfig: dist ? nil : "sqlite3"),
        .systemLibrary(name: "CSodium", path: "Sources/CSodium", pkgConfig: dist ? nil : "libsodium"),
        .systemLibrary(name: "CSndfile", path: "Sources/CSndfile", pkgConfig: dist ? nil : "sndfile"),
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: dist ? nil : "zlib"),
        .target(name: "AffettoKernels", path: "Sources/Kernels"),
        .target(name: "AffettoModelData", path: "Sources/ModelData", exclude: ["packs", "patterns", "cards"]),
        .target(name: "AffettoPhrases", path: "Sources/Phrases", exclude: ["sets", "README.md"]),

        // Floor 1: values, signals, learning machines
        .target(name: "AffettoCore", path: "Sources/Core"),
        .target(
            name: "AffettoSignal", dependencies: ["AffettoCore", "AffettoKernels", "CFFTW3"], path: "Sources/Signal"),
        .target(
            name: "AffettoLearning", dependencies: ["AffettoCore", "AffettoKernels"], path: "Sources/Learning"),

        // Floor 2: one modality each; policy, store and pictures
        .target(
            name: "AffettoVoice",
            dependencies: ["AffettoCore", "AffettoKernels", "AffettoLearning", "AffettoSignal"],
            path: "Sources/Voice"),
        .target(name: "AffettoFace", dependencies: ["AffettoCore", "AffettoLearning"], path: "Sources/Face"),
        .target(name: "AffettoText", dependencies: ["AffettoCore", "AffettoLearning"], path: "Sources/Text"),
        .target(name: "AffettoActivity", dependencies: ["AffettoCore"], path: "Sources/Activity"),
        .target(name: "AffettoSelfReport", dependencies: ["AffettoCore"], path: "Sources/SelfReport"),
        .target(
            name: "AffettoMusic", dependencies: ["AffettoCore", "AffettoKernels", "AffettoSignal"],
            path: "Sources/Music"),
        .target(name: "AffettoPolicy", dependencies: ["AffettoCore"], path: "Sources/Policy"),
        .target(
            name: "AffettoStore", dependencies: ["AffettoCore", "CSQLite3", "CSodium"], path: "Sources/Store",
            exclude: ["STORE.md"]),
        .target(name: "AffettoGraphics", dependencies: ["AffettoCore"], path: "Sources/Graphics"),

        // Floor 3
        .target(
            name: "AffettoFusion", dependencies: ["AffettoCore", "AffettoLearning"], path: "Sources/Fusion"),
        .target(name: "AffettoEvaluation", dependencies: ["AffettoCore"], path: "Sources/Evaluation"),
        .target(
            name: "AffettoLibrary", dependencies: ["AffettoCore", "AffettoMusic", "AffettoStore"],
            path: "Sources/Library"),

        // Floor 4
        .target(name: "AffettoIntervention", dependencies: ["AffettoCore"], path: "Sources/Intervention"),
        .target(name: "AffettoStudy", dependencies: ["AffettoCore"], path: "Sources/Study"),
        .target(name: "AffettoGuidance", dependencies: ["AffettoCore", "AffettoGraphics"], path: "Sources/Guidance"),

        // Floor 5: the main flow
        .target(
            name: "AffettoEngine",
            dependencies: [
                "AffettoCore", "AffettoSignal", "AffettoLearning", "AffettoVoice", "AffettoFace", "AffettoText",
                "AffettoActivity", "AffettoSelfReport", "AffettoPolicy", "AffettoStore",
                "AffettoFusion", "AffettoLibrary", "AffettoIntervention", "AffettoGuidance", "AffettoStudy",
                "AffettoModelData",
            ], path: "Sources/Engine"),

        // Floor 6: ways in
        .target(
            name: "AffettoCAPI",
            dependencies: [
                "CAffetto", "AffettoEngine", "AffettoLibrary", "AffettoMusic", "AffettoGraphics", "AffettoVoice",
                "AffettoFace", "AffettoActivity",
                "AffettoSelfReport", "AffettoPolicy", "AffettoStudy", "AffettoText", "AffettoFusion", "AffettoLearning",
                "AffettoEvaluation", "AffettoCore",
            ] + distDependencies,
            path: "Sources/CAPI", exclude: ["exports.map"], linkerSettings: distLinking),
        .target(
            name: "AffettoSimulation", dependencies: ["AffettoCore", "AffettoActivity", "AffettoFusion"],
            path: "Sources/Simulation"),
        .target(name: "AffettoAudioFiles", dependencies: ["AffettoCore", "CSndfile"], path: "Sources/AudioFiles"),

        // Floor 7: tools
        .executableTarget(
            name: "affetto",
            dependencies: [
                "AffettoEngine", "AffettoAudioFiles", "AffettoLibrary", "AffettoMusic", "AffettoGraphics",
                "AffettoVoice",
                "AffettoFace",
                "AffettoActivity", "AffettoSelfReport", "AffettoPolicy", "AffettoStudy", "AffettoText",
                "AffettoEvaluation", "AffettoCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/affetto"),
        .executableTarget(
            name: "affetto-train",
            dependencies: [
                "AffettoVoice", "AffettoFace", "AffettoText", "AffettoMusic", "AffettoLearning", "AffettoAudioFiles",
                "AffettoModelData", "AffettoPhrases", "AffettoCore", "AffettoActivity", "AffettoSimulation",
                "AffettoFusion",
                "AffettoSignal", "CZlib",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/affetto-train"),

        // Floor 7, for tests alone: a file system that fails on command, and what the store makes of it.
        .target(name: "FaultVFS", dependencies: ["CSQLite3"], path: "Tests/Faults/VFS"),
        .executableTarget(
            name: "affetto-faults", dependencies: ["AffettoStore", "AffettoPolicy", "AffettoCore", "FaultVFS"],
            path: "Tests/Faults/Driver"),

        // The store's benchmark, and SQLite alone as its peer.
        .target(name: "RawSQLite", dependencies: ["CSQLite3"], path: "Tests/Benchmarks/store/raw"),
        .executableTarget(
            name: "affetto-store-benchmark",
            dependencies: ["AffettoEngine", "AffettoStore", "AffettoCore", "RawSQLite"], path: "Tests/Benchmarks/store",
            exclude: ["raw"]),

        // Tests mirror sources; those of the C ABI and of Python live in Tests/CAPI and bindings/python/tests.
        .testTarget(name: "CoreTests", dependencies: ["AffettoCore"]),
        .testTarget(name: "KernelsTests", dependencies: ["AffettoKernels"]),
        .testTarget(name: "SignalTests", dependencies: ["AffettoSignal", "AffettoCore"]),
        .testTarget(name: "LearningTests", dependencies: ["AffettoLearning", "AffettoCore"]),
        .testTarget(name: "VoiceTests", dependencies: ["AffettoVoice", "AffettoCore", "AffettoLearning"]),
        .testTarget(name: "FaceTests", dependencies: ["AffettoFace", "AffettoCore", "AffettoLearning"]),
        .testTarget(
            name: "TextTests",
            dependencies: ["AffettoText", "AffettoCore", "AffettoLearning", "AffettoModelData", "AffettoPhrases"]),
        .testTarget(
            name: "ActivityTests",
            dependencies: ["AffettoActivity", "AffettoCore", "AffettoSimulation", "AffettoLearning"]),
        .testTarget(name: "SelfReportTests", dependencies: ["AffettoSelfReport", "AffettoCore"]),
        .testTarget(name: "MusicTests", dependencies: ["AffettoMusic", "AffettoCore"]),
        .testTarget(name: "PolicyTests", dependencies: ["AffettoPolicy", "AffettoCore"]),
        .testTarget(name: "StoreTests", dependencies: ["AffettoStore", "AffettoCore", "CSQLite3"]),
        .testTarget(name: "EvaluationTests", dependencies: ["AffettoEvaluation", "AffettoCore"]),
        .testTarget(name: "GraphicsTests", dependencies: ["AffettoGraphics", "AffettoCore"]),
        .testTarget(
            name: "FusionTests",
            dependencies: ["AffettoFusion", "AffettoLearning", "AffettoCore", "AffettoSimulation"]),
        .testTarget(
            name: "LibraryTests", dependencies: ["AffettoLibrary", "AffettoMusic", "AffettoCore", "AffettoStore"]),
        .testTarget(name: "InterventionTests", dependencies: ["AffettoIntervention", "AffettoCore"]),
        .testTarget(name: "StudyTests", dependencies: ["AffettoStudy", "AffettoCore"]),
        .testTarget(name: "GuidanceTests", dependencies: ["AffettoGuidance", "AffettoCore"]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "AffettoEngine", "AffettoCore", "AffettoVoice", "AffettoAudioFiles", "AffettoSelfReport",
                "AffettoActivity", "AffettoGuidance",
            ]),
        .testTarget(name: "AudioFilesTests", dependencies: ["AffettoAudioFiles", "AffettoCore"]),
    ],
    swiftLanguageModes: [.v6]
)
