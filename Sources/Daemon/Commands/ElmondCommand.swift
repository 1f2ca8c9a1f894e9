import ArgumentParser

/// The root of the commands.
struct ElmondCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "elmond",
    abstract: "Live sentiment of tweets, with ELMo, on two ordinary cores.",
    version: Version.current,
    subcommands: [
      RunCommand.self, ClassifyCommand.self, EmbedCommand.self, PretrainCommand.self,
      TrainCommand.self,
      EvaluateCommand.self, ModelCommand.self, QueryCommand.self, ReportCommand.self,
      CheckConfigCommand.self, ReplayCommand.self, RulesCommand.self, DoctorCommand.self,
      DatabaseCommand.self, ForgetCommand.self, BenchCommand.self,
    ])
}
