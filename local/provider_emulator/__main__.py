from provider_emulator.main import main

if __name__ == "__main__":
    main()
