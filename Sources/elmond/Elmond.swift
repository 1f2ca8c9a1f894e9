import Daemon

@main
private enum Elmond {
  static func main() async {
    await ElmondProgram.main()
  }
}
