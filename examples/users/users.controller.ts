import { Body, Controller, HttpException, Logger, Post } from '@nestjs/common';
import { unavailable } from '../unavailable/unavailable.js';
import { CreateUserDto } from './create-user.dto.js';
import { formPipe } from './form.pipe.js';
import { type User, UsersService } from './users.service.js';

/** `POST /users`: sign-up. It does not sign in; `POST /auth/login` does. */
@Controller('users')
export class UsersController {
  readonly #logger = new Logger('Users');

  constructor(private readonly users: UsersService) {}

  @Post()
  async create(@Body(formPipe) { username, password }: CreateUserDto): Promise<User> {
    try {
      return await this.users.create(username, password);
    } catch (error) {
      if (error instanceof HttpException) throw error;
      this.#logger.error(error);
      throw unavailable('Nobody can sign up right now; try again', 'unavailable', error);
    }
  }
}
