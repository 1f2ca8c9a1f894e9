import Pipeline
import ServiceLifecycle

/// The pipeline as a service: on a graceful shutdown the readers stop, what was read is committed, and it returns.
struct PipelineService: Service {
  let pipeline: SentimentPipeline
  let untilEnd: Bool
  let onStop: @Sendable () -> Void

  init(pipeline: SentimentPipeline, untilEnd: Bool, onStop: @escaping @Sendable () -> Void) {
    self.pipeline = pipeline
    self.untilEnd = untilEnd
    self.onStop = onStop
  }

  func run() async throws {
    try await withGracefulShutdownHandler {
      try await pipeline.run()
      // A daemon whose files are all read stays up for its readers until it is told to stop.
      if !untilEnd { try? await gracefulShutdown() }
    } onGracefulShutdown: {
      onStop()
      pipeline.stop()
    }
  }
}
