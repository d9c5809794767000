import {
  Body,
  Controller,
  HttpException,
  Logger,
  Post,
  ServiceUnavailableException,
  ValidationPipe,
} from '@nestjs/common';
import { CreateUserDto } from './create-user.dto.js';
import { type User, UsersService } from './users.service.js';

/** `POST /users`: sign-up. It does not sign in; `POST /auth/login` does. */
@Controller('users')
export class UsersController {
  readonly #logger = new Logger('Users');

  constructor(private readonly users: UsersService) {}

  @Post()
  async create(@Body(new ValidationPipe({ transform: true })) { username, password }: CreateUserDto): Promise<User> {
    try {
      return await this.users.create(username, password);
    } catch (error) {
      if (error instanceof HttpException) throw error;
      this.#logger.error(error);
      throw new ServiceUnavailableException('Nobody can sign up right now; try again', { cause: error });
    }
  }
}
